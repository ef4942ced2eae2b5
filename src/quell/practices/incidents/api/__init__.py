"""Incidents for programs (contract.md, HTTP; The incident, as the API shows it)."""
