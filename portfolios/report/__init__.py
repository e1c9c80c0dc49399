"""What is read about a progress report: its states, what it measures, what it lacks, what was submitted."""
