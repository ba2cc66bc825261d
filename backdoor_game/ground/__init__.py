"""What knows no game: specs, checks, streams, files, intervals. Nothing here is public by its path."""
