# SPDX-License-Identifier: Apache-2.0
"""Which (target, configuration) pair runs next: the one that found most new branches per CPU-second lately, but every pair gets
at least MINIMUM of an equal share of the processor time first, so that none is given up and none can starve another.

What a pair found fades: each slice counts DECAY of the one before, so a pair that was good an hour ago makes room. When nobody
finds anything all rates are zero and the pair with the least time is next, which is a round."""

MINIMUM = 0.5
DECAY = 0.6


class Schedule:
    """pairs: in the order in which they are first run. Totals come from the state, so a resumed campaign goes on as it was."""

    def __init__(self, pairs):
        self.pairs = list(pairs)
        self.order = {pair: i for i, pair in enumerate(self.pairs)}
        self.charged = dict.fromkeys(self.pairs, 0.0)  # CPU-seconds, those of running slices included
        self.recent_branches = dict.fromkeys(self.pairs, 0.0)
        self.recent_seconds = dict.fromkeys(self.pairs, 0.0)

    def restore(self, pair, charged, recent_branches, recent_seconds):
        self.charged[pair], self.recent_branches[pair], self.recent_seconds[pair] = charged, recent_branches, recent_seconds

    def rate(self, pair):
        return self.recent_branches[pair] / self.recent_seconds[pair] if self.recent_seconds[pair] else 0.0

    def next(self, seconds):
        """The next pair; it is charged for a slice of that many seconds until ended() says what it took."""
        total = sum(self.charged.values())
        least = min(self.pairs, key=lambda p: (self.charged[p], self.order[p]))
        pair = least
        if self.charged[least] >= MINIMUM * total / len(self.pairs) and self.charged[least] > 0:
            pair = max(self.pairs, key=lambda p: (self.rate(p), -self.charged[p], -self.order[p]))
        self.charged[pair] += seconds
        return pair

    def ended(self, pair, planned, taken, branches):
        """A slice took `taken` of the planned CPU-seconds and found so many new branches."""
        self.charged[pair] = max(self.charged[pair] + taken - planned, 0.001)
        self.recent_branches[pair] = self.recent_branches[pair] * DECAY + branches
        self.recent_seconds[pair] = self.recent_seconds[pair] * DECAY + max(taken, 0.001)
