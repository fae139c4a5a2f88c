"""Journals in; tables, figures, documents and pages out."""
