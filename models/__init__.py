"""The science of Unrolled: text, networks, readings. Knows no Streamlit and no Plotly."""
