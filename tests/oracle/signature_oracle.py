# SPDX-License-Identifier: Apache-2.0
"""XML signatures of CAP a second time: naive, slow, written from the W3C's Canonical XML, Exclusive XML Canonicalization and
XML Signature pages. Knows neither the C code, nor libxml2, nor libxmlsec1: expat reads, the tree and its canonical forms are made
here, and the `openssl` command makes and checks the bare value.

    verify(document, public_pem, sm2, inclusive) -> "good" or why not
    sign(document, private_pem, sm2, shape)      -> the document with a Signature
"""
import base64
import os
import re
import subprocess
import tempfile
import xml.parsers.expat

DSIG = "http://www.w3.org/2000/09/xmldsig#"
CAPS = ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1", "http://www.incident.com/cap/1.0")
XML = "http://www.w3.org/XML/1998/namespace"
EXCLUSIVE, C14N10, C14N11 = ("http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                             "http://www.w3.org/2006/12/xml-c14n11")
ENVELOPED = DSIG + "enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
METHODS = {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": "EC", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256": "RSA"}
SM2 = {"signature": DSIG + "sm2-sm3", "digest": DSIG + "sm3", "id": "1234567812345678", "value": "raw"}


class Refused(Exception):
    pass


# --- the tree --------------------------------------------------------------------------------------------------

class Element:
    def __init__(self, name, attributes, parent):
        self.name, self.parent, self.children = name, parent, []
        self.scope = dict(parent.scope) if parent else {"xml": XML}  # prefix -> URI, all that hold here
        self.attributes = {}
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                self.scope[key[6:]] = value
            else:
                self.attributes[key] = value

    def space(self):
        prefix = self.name.rpartition(":")[0]
        return self.scope.get(prefix, "")

    def local(self):
        return self.name.rpartition(":")[2]

    def is_(self, space, local):
        return self.space() == space and self.local() == local

    def elements(self):
        return [child for child in self.children if isinstance(child, Element)]

    def text(self):
        assert all(isinstance(child, str) for child in self.children), self.name
        return "".join(self.children)


class Instruction:
    def __init__(self, target, data):
        self.target, self.data = target, data


class Reader:
    """-> root, and what stands before and behind it. Comments are not kept: no form asked for here has them."""
    def __init__(self, document):
        self.root, self.open, self.before, self.behind, self.in_text = None, None, [], [], []
        parser = xml.parsers.expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.ProcessingInstructionHandler = self.instruction
        parser.CommentHandler = self.comment
        parser.StartDoctypeDeclHandler = self.doctype
        parser.Parse(document, True)

    def start(self, name, attributes):
        element = Element(name, attributes, self.open)
        if self.open:
            self.open.children.append(element)
        else:
            self.root = element
        self.open = element

    def end(self, _):
        self.open = self.open.parent

    def text(self, data):
        children = self.open.children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)

    def instruction(self, target, data):
        one = Instruction(target, data)
        if self.open:
            self.open.children.append(one)
        else:
            (self.behind if self.root else self.before).append(one)

    def comment(self, _):
        if self.open:
            self.in_text.append(self.open)

    def doctype(self, *_):
        raise Refused("a DOCTYPE")


# --- canonical forms -------------------------------------------------------------------------------------------

def escape(text, attribute):
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#xD;")
    if attribute:
        return text.replace('"', "&quot;").replace("\t", "&#x9;").replace("\n", "&#xA;")
    return text.replace(">", "&gt;")


def attribute_order(element, name):
    prefix, _, local = name.rpartition(":")
    return (element.scope[prefix] if prefix else "", local)


def canonical(node, method, without=None, rendered=None, top=True):
    """The subtree, without one element of it. rendered: the declarations the output has already."""
    if isinstance(node, str):
        return escape(node, False)
    if isinstance(node, Instruction):
        return "<?%s%s?>" % (node.target, " " + node.data if node.data else "")
    if node is without:
        return ""
    rendered = dict(rendered or {})
    attributes = dict(node.attributes)
    if method == EXCLUSIVE:
        used = {node.name.rpartition(":")[0]} | {name.rpartition(":")[0] for name in attributes if ":" in name}
    else:
        used = set(node.scope)
        if top:  # Canonical XML takes the xml: attributes of what lies around the part along
            above = node.parent
            while above:
                for name, value in above.attributes.items():
                    if name.startswith("xml:") and not (method == C14N11 and name == "xml:id"):
                        attributes.setdefault(name, value)
                above = above.parent
    out = ["<", node.name]
    for prefix in sorted(used - {"xml"}):
        uri = node.scope.get(prefix, "")
        if uri != rendered.get(prefix, ""):
            rendered[prefix] = uri
            out.append(' xmlns%s="%s"' % (":" + prefix if prefix else "", escape(uri, True)))
    for name in sorted(attributes, key=lambda name: attribute_order(node, name)):
        out.append(' %s="%s"' % (name, escape(attributes[name], True)))
    out.append(">")
    out += [canonical(child, method, without, rendered, False) for child in node.children]
    return "".join(out) + "</%s>" % node.name


def whole(reader, method, without):
    out = "".join(canonical(one, method) + "\n" for one in reader.before)
    out += canonical(reader.root, method, without)
    return (out + "".join("\n" + canonical(one, method) for one in reader.behind)).encode()


# --- the primitive: the openssl command ------------------------------------------------------------------------

def openssl(*arguments, stdin=None):
    done = subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=False)
    return done.returncode == 0, done.stdout


def digest(bytes_, name):
    ok, out = openssl("dgst", "-" + name, "-binary", stdin=bytes_)
    assert ok, name
    return base64.b64encode(out).decode()


def kind_of(pem, private):
    """-> EC, RSA or SM2, and the bits"""
    ok, out = openssl("pkey", *([] if private else ["-pubin"]), "-in", pem, "-noout", "-text")
    assert ok, pem
    text = out.decode()
    bits = int(re.search(r"\((\d+) bit", text)[1])
    return ("SM2" if "SM2" in text else "EC" if "ASN1 OID" in text else "RSA"), bits


def integer(number):
    body = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(body)]) + body


def to_der(raw):
    half = len(raw) // 2
    body = integer(int.from_bytes(raw[:half], "big")) + integer(int.from_bytes(raw[half:], "big"))
    return b"\x30" + (bytes([len(body)]) if len(body) < 128 else b"\x81" + bytes([len(body)])) + body


def to_raw(der, half):
    at, numbers = (3 if der[1] == 0x81 else 2), []
    for _ in range(2):
        numbers.append(int.from_bytes(der[at + 2:at + 2 + der[at + 1]], "big"))
        at += 2 + der[at + 1]
    return b"".join(number.to_bytes(half, "big") for number in numbers)


def primitive(kind, sm2):
    return ["-sm3", "-sigopt", "distid:" + sm2["id"]] if kind == "SM2" else ["-sha256"]


def half_of(kind, bits, sm2):
    """Bytes of r and s side by side; 0: the value is as openssl has it."""
    return 0 if kind == "RSA" or (kind == "SM2" and sm2["value"] == "der") else (bits + 7) // 8


def value_holds(info, value, pem, kind, bits, sm2):
    half = half_of(kind, bits, sm2)
    if half and len(value) != 2 * half:
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "value")
        with open(path, "wb") as out:
            out.write(to_der(value) if half else value)
        return openssl("dgst", *primitive(kind, sm2), "-verify", pem, "-signature", path, stdin=info)[0]


def value_of(info, pem, kind, bits, sm2):
    ok, out = openssl("dgst", *primitive(kind, sm2), "-sign", pem, stdin=info)
    assert ok, pem
    half = half_of(kind, bits, sm2)
    return base64.b64encode(to_raw(out, half) if half else out).decode()


# --- verify ----------------------------------------------------------------------------------------------------

def walk(element):
    yield element
    for child in element.elements():
        yield from walk(child)


def must(condition, why):
    if not condition:
        raise Refused(why)


def algorithm(element, name):
    must(element.is_(DSIG, name) and list(element.attributes) == ["Algorithm"] and not element.elements(), name)
    return element.attributes["Algorithm"]


def find(reader):
    root = reader.root
    must(root.local() == "alert" and root.space() in CAPS, "not an alert")
    all_ = [one for one in walk(root) if one.is_(DSIG, "Signature")]
    must(all_, "no Signature")
    must(len(all_) == 1, "more than one Signature")
    must(root.elements()[-1] is all_[0], "the Signature is not the last child of the root")
    must(not [one for one in reader.in_text if not one.elements()], "a comment in a text")
    return all_[0]


def take_apart(signature, inclusive):
    """-> SignedInfo, its form, its method, the Reference's form, the digest's method and value, the value"""
    parts = signature.elements()
    must([one.local() for one in parts] in (["SignedInfo", "SignatureValue"], ["SignedInfo", "SignatureValue", "KeyInfo"]),
         "other parts than SignedInfo, SignatureValue, KeyInfo")
    info = parts[0].elements()
    must([one.local() for one in info] == ["CanonicalizationMethod", "SignatureMethod", "Reference"], "not one Reference")
    reference = info[2]
    must(reference.attributes.get("URI") == "", "not over the whole document")
    must([one.local() for one in reference.elements()] == ["Transforms", "DigestMethod", "DigestValue"], "the Reference")
    transforms = [algorithm(one, "Transform") for one in reference.elements()[0].elements()]
    must(transforms[:1] == [ENVELOPED] and len(transforms) <= 2, "transforms")
    forms = [algorithm(info[0], "CanonicalizationMethod"), (transforms + [C14N10])[1]]
    for form in forms:
        must(form == EXCLUSIVE or (inclusive and form in (C14N10, C14N11)), "canonicalization " + form)
    return (parts[0], forms[0], algorithm(info[1], "SignatureMethod"), forms[1], algorithm(reference.elements()[1], "DigestMethod"),
            reference.elements()[2].text(), parts[1].text())


def verify(document, pem, sm2=None, inclusive=False):
    sm2 = {**SM2, **(sm2 or {})}
    try:
        reader = Reader(document)
        signature = find(reader)
        info, info_form, method, form, digest_method, wanted, value = take_apart(signature, inclusive)
        kind, bits = kind_of(pem, False)
        must({**METHODS, sm2["signature"]: "SM2"}.get(method) == kind, "method " + method)
        digests = {SHA256: "sha256", **({sm2["digest"]: "sm3"} if kind == "SM2" else {})}
        must(digest_method in digests, "digest " + digest_method)
        must("".join(wanted.split()) == digest(whole(reader, form, signature), digests[digest_method]), "content and digest differ")
        value = base64.b64decode("".join(value.split()), validate=True)
        must(value_holds(canonical(info, info_form).encode(), value, pem, kind, bits, sm2), "the value is not by this key")
        return "good"
    except Refused as why:
        return str(why)
    except ValueError:
        return "the value is not base64"
    except xml.parsers.expat.ExpatError as why:
        return "not XML: %s" % why


# --- sign ------------------------------------------------------------------------------------------------------

TEMPLATE = """<{p}Signature xmlns{x}="{dsig}">{n}<{p}SignedInfo>{n}<{p}CanonicalizationMethod Algorithm="{form}"/>{n}\
<{p}SignatureMethod Algorithm="{method}"/>{n}<{p}Reference URI="">{n}<{p}Transforms>{n}<{p}Transform Algorithm="{enveloped}"/>{n}\
{c14n}</{p}Transforms>{n}<{p}DigestMethod Algorithm="{digest_method}"/>{n}<{p}DigestValue>{digest}</{p}DigestValue>{n}</{p}Reference>{n}\
</{p}SignedInfo>{n}<{p}SignatureValue>{value}</{p}SignatureValue>{n}{key_info}</{p}Signature>"""


def folded(text, n):
    return n.join(text[i:i + 64] for i in range(0, len(text), 64)) if n else text


def sign(document, pem, sm2=None, prefix="", line="\n", form=EXCLUSIVE, implied=False, key_info=""):
    """prefix and line: how it is written, which must make no difference. implied: the second transform is left out."""
    sm2 = {**SM2, **(sm2 or {})}
    kind, bits = kind_of(pem, True)
    p = prefix + ":" if prefix else ""
    words = {"p": p, "x": ":" + prefix if prefix else "", "n": line, "dsig": DSIG, "form": form, "enveloped": ENVELOPED,
             "method": sm2["signature"] if kind == "SM2" else {v: k for k, v in METHODS.items()}[kind],
             "digest_method": sm2["digest"] if kind == "SM2" else SHA256, "key_info": key_info,
             "c14n": "" if implied else '<%sTransform Algorithm="%s"/>%s' % (p, form, line)}

    def put(digest_="", value=""):
        text = TEMPLATE.format(digest=digest_, value=folded(value, line), **words)
        at = document.rindex(b"</alert>")
        return document[:at] + text.encode() + document[at:]
    reader = Reader(put())
    signature = find(reader)
    digest_ = digest(whole(reader, C14N10 if implied else form, signature), "sm3" if kind == "SM2" else "sha256")
    reader = Reader(put(digest_))
    info = find(reader).elements()[0]
    return put(digest_, value_of(canonical(info, form).encode(), pem, kind, bits, sm2))
