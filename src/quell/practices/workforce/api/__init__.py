"""The workforce as the API shows it."""
