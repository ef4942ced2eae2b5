"""What is done to services: one verb a file, each one transaction with one line of history."""
