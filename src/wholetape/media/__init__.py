"""Recordings' files: what they are, their sound as samples, and the two ways in which results reach a disk."""
