"""What a model is asked so that it goes on with an answer that was cut off."""

from typing import Final

CONTINUE_REQUEST: Final = (
    "Your last message was cut off. Go on with it exactly where it stops, in the same language and"
    " format. Begin with the very next character; repeat nothing and say nothing about the"
    " interruption."
)
"""Sent in the person's role; the person is shown that the answer goes on, not this."""
