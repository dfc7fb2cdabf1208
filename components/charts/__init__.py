"""Pure functions from data to Plotly figures; one file a subject."""
