"""Captures from plain Python: what the property tests and the matrix are made of.

	packet	one TCP segment as an object that a test can change, and its octets
	link	what stands before an IP packet: link layers, tags, tunnels, fragments
	change	packets cut, merged, reordered
	files	capture files, written and read
	talk	conversations with everything that is legal in them, and the truth

Standard library only.  All times are whole nanoseconds since 1970.
"""
