"""Features: what of a text a linear model weighs.

Its words and pairs of neighbours, each once however often they stand there, scaled so that long
texts weigh no more than short ones; and the cues of the lexicon of service with what they come to.
From a few hundred labels nobody learns all the ways to say that a bag is lost; the cues bring them.
"""

import math
from itertools import pairwise

from socialcare.text.lexicon import service_lexicon
from socialcare.text.tokens import tokens

__all__ = ["BIAS", "features"]

BIAS = ""
"""The feature that every text has."""
_BIAS_WEIGHT = 0.3
_CUE_WEIGHT = 0.3
_EVIDENCE_WEIGHT = 0.1
_EDGE = "|"
"""What stands before the first word and behind the last."""


def features(text: str) -> dict[str, float]:
    """The features of a text, with their weights.

    >>> sorted(features("no reply"))
    ['', 'complaint=', 'cue=no answer', 'no', 'no reply', 'reply', 'reply |', 'thanks=', '| no']
    """
    read = tokens(text)
    bounded = [_EDGE, *read, _EDGE]
    plain = {*read, *map(" ".join, pairwise(bounded))}
    weights = dict.fromkeys(sorted(plain), 1 / math.sqrt(len(plain)))
    lexicon = service_lexicon()
    cues = lexicon.cues(read)
    for name, met in cues.items():
        weights[f"cue={name}"] = _CUE_WEIGHT * (2 - 2.0 ** (1 - met))
    evidence = lexicon.evidence(cues)
    weights["complaint="] = _EVIDENCE_WEIGHT * evidence.complaint
    weights["thanks="] = _EVIDENCE_WEIGHT * evidence.thanks
    weights[BIAS] = _BIAS_WEIGHT
    return weights
