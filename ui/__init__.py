"""The page: the only place besides app.py that knows streamlit."""
