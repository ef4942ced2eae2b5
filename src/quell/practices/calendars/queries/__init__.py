"""What is read of calendars: their timetables, the pages' lists, and the sentences of refusals."""
