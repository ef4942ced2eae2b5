"""The verbs of the workforce: availability, absences, skills, rules of assignment."""
