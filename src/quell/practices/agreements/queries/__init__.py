"""Reading agreements: what applies, what is shown, and whether a chain can hold."""
