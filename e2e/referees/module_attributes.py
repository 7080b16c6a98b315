"""Prints the keywords that modules of the standard (PS3.3) have on their top level, as highdicom has them from it.

Usage: module_attributes.py MODULE...
"""

import json
import pkgutil
import sys

modules = json.loads(pkgutil.get_data("highdicom", "_standard/module_attribute_map.json"))
print(json.dumps([entry["keyword"] for name in sys.argv[1:] for entry in modules[name] if not entry["path"]]))
