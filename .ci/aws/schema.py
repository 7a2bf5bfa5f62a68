#!/usr/bin/env python3
"""What the AWS provider knows of its resources, from the library that CDKTF's generator made of the provider's schema.

Arguments: the library's archive, and modules. Prints, as JSON, of each kind that they use: attributes (their type, and
whether they are given or found out) and blocks.
"""
import json
import pathlib
import re
import sys
import tarfile

CLASS = re.compile(r"^class (\w+) extends cdktf\.(\w+) \{\n(.*?)^\}\n", re.M | re.S)
BLOCK = re.compile(r"^\s+([a-z0-9_]+): \{\n\s+value: .*\n\s+isBlock: true,", re.M)
NESTED = re.compile(r"this\._(\w+) = new (\w+)\(this, \"(\w+)\"(?:, (true|false))?\)")
SIMPLE = re.compile(r"get (\w+)\(\) \{\n\s+return (.*?)this\.get(\w+)Attribute\('(\w+)'\)")
TYPES = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "AnyMap": ["map", "string"],
}


def described(classes, blocks, name):
    """Attributes and blocks of one class."""
    body = classes[name][1]
    found = {"attributes": {}, "blocks": {}}

    def given(field):
        capital = field[0].upper() + field[1:]
        settable = re.search(rf"^    set {field}\(|^    put{capital}\(", body, re.M) is not None
        return settable, settable and f"    reset{capital}()" not in body

    for match in NESTED.finditer(body):
        field, inner, key, wrapped = match.groups()
        many = classes[inner][0] != "ComplexObject"
        if many:
            inner = re.search(r"return new (\w+)\(this\.terraformResource", classes[inner][1])[1]
        whole = described(classes, blocks, inner)
        nesting = "set" if wrapped == "true" else "list"
        settable, required = given(field)
        if key == "timeouts":
            found["blocks"][key] = {"nesting": "single", "min": 0, "max": 0, **whole}
        elif key in blocks and settable:
            found["blocks"][key] = {"nesting": nesting, "min": int(required), "max": 0 if many else 1, **whole}
        else:
            fields = {key: value["type"] for key, value in whole["attributes"].items()}
            found["attributes"][key] = {"type": [nesting, ["object", fields]], "given": settable, "required": required}
    for field, around, getter, key in SIMPLE.findall(body):
        type_ = TYPES[getter]
        if "tolist" in around:
            type_ = ["set", type_[1]]
        settable, required = given(field)
        found["attributes"][key] = {"type": type_, "given": settable, "required": required}
    return found


def main():
    texts = [file.read_text() for folder in sys.argv[2:] for file in pathlib.Path(folder).glob("*.tf")]
    used = {match for text in texts for match in re.findall(r'^(resource|data) "(aws_\w+)"', text, re.M)}
    kinds = {("data." if word == "data" else "") + kind for word, kind in used}
    files = {
        f"package/lib/{kind.replace('data.', 'data-').replace('_', '-').removeprefix('aws-')}/index.js": kind for kind in kinds
    }
    schema = {}
    with tarfile.open(sys.argv[1]) as library:
        for member in library:
            if member.name not in files:
                continue
            text = library.extractfile(member).read().decode()
            classes = {match[1]: (match[2], match[3]) for match in CLASS.finditer(text)}
            top = next(name for name, (base, _) in classes.items() if base.startswith("Terraform"))
            schema[files[member.name]] = described(classes, set(BLOCK.findall(text)), top)
    json.dump(schema, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
