"""The hum of the mains in a recording: is it there, does its phase run on, and when was it so."""
