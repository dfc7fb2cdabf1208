"""What pages are made of: functions from data to widgets and figures. Knows Streamlit, never TensorFlow."""
