# SPDX-License-Identifier: Apache-2.0
"""The one measure for both engines: what an input reaches in the libFuzzer build of its target, from the control file that
`-merge=1` writes. Edges count as branches: the compiler puts a counter on each edge that a branch may take. Features are edges
with how often they were taken (eight classes). Value profile is not in it, nor what AFL++ itself counts, so credit compares."""
import campaign_work
import corpus_features

SECONDS, SECONDS_EACH = 120, 1  # measuring may take so long, and so much longer for each input
TIMED_OUT = (124, 137)  # exit codes of timeout(1)


class NoneCameBack(corpus_features.Trouble):
    """Inputs went in, and libFuzzer ended well without having run any."""


class Measure:
    """Known edges and features of a target, and what new inputs add."""

    def __init__(self):
        self.edges, self.features = set(), set()

    @staticmethod
    def command(binary, flags, folder, inputs):
        """Runs all inputs (folders) and leaves folder/control; what fails is left in folder/crashes. Has its time."""
        (folder / "merged").mkdir(exist_ok=True)
        (folder / "control").unlink(missing_ok=True)
        seconds = SECONDS + SECONDS_EACH * sum(len(campaign_work.files(f)) for f in inputs)
        return ["timeout", "--kill-after=5", str(seconds), binary, "-merge=1", f"-merge_control_file={folder}/control", *flags, f"-artifact_prefix={folder}/crashes/",
                folder / "merged", *inputs]

    def take(self, control, told):
        """Reads a control file and the run's output: inputs that add a feature, those that failed, new edges, new features.

        Small inputs first, as libFuzzer merges; those that add are a cover of all features, not the smallest one."""
        reached, failed = corpus_features.read(control, told)
        given = int(control.read_text(errors="surrogateescape").partition("\n")[0])
        if given and not reached and not failed:
            raise NoneCameBack(f"{given} inputs went in, none came back")
        branches, features = len(self.edges), len(self.features)
        adding = []
        for path in sorted(reached, key=lambda p: (p.stat().st_size, p.name)):
            if reached[path] - self.features:
                self.features |= reached[path]
                adding.append(path)
        self.edges |= corpus_features.edges(self.features)
        return adding, failed, len(self.edges) - branches, len(self.features) - features
