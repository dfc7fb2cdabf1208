import streamlit as st

from components import shell

shell.page_header("inside", "x")
st.segmented_control("Model", ["lstm", "gru"], format_func={"lstm": "LSTM · 92", "gru": "GRU"}.get, default="lstm", key="model", bind="query-params", required=True)
st.selectbox("M2", ["lstm", "gru"], format_func={"lstm": "LSTM · 92", "gru": "GRU"}.get, key="model2", bind="query-params")
st.text_area("Review", "hello", key="review", persist_state="session")
st.write(dict(st.context.theme) if hasattr(st.context.theme,'keys') else st.context.theme.type)
