"""Offline: document in, searchable clauses out."""
