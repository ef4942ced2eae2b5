"""Communications for programs."""
