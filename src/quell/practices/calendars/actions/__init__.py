"""What is done to calendars and holiday sets: one verb a file, each one transaction with one line of history."""
