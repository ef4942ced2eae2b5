"""What is done to agreements and metrics: one verb or a small family a file, each one transaction with its history."""
