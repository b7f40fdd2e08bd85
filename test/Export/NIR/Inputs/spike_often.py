#!/usr/bin/env python3
"""Makes the neurons of a converted network those of Sinabs: several spikes in a step, and potentials that start at 0.

usage: spike_often.py IN.mlir OUT.mlir
"""
import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text()
text = text.replace("fires = at_or_above, when = same_step>", "fires = at_or_above, when = same_step, spikes = many>")
text = re.sub(r"v_init = [-+.e0-9]+", "v_init = 0.0", text).replace(", binary>", ", count<1000>>")
Path(sys.argv[2]).write_text(text)
