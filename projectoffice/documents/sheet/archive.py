"""Makes a tagged PDF/A-3a also a PDF/UA-1, and writes the file.

WeasyPrint writes one variant per file; both claims are compatible, so the second is added to the metadata,
with the extension schema PDF/A asks for when a foreign namespace is used.
"""
import zlib
from functools import partial

import pydyf

UA_METADATA = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
LEVEL = 6
RDF_END = b"</rdf:RDF>"




class Written:
    """An object of the file with its bytes made once."""

    def __init__(self, source):
        self.number, self.packable = source.number, not isinstance(source, pydyf.Stream)
        self.data = source.data if self.packable else _stream(source.extra, source.stream, source.compress)

    @property
    def indirect(self):
        return b"%d 0 obj\n%b\nendobj\n" % (self.number, self.data)


def finish(document, pdf):
    """WeasyPrint's finisher: claim PDF/UA-1 in readable metadata and take over the writing."""
    metadata = next(item for item in pdf.objects if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata")
    [xmp] = metadata.stream
    if xmp.count(RDF_END) != 1:
        raise ValueError("unexpected metadata")
    metadata.stream = [xmp.replace(RDF_END, UA_METADATA + RDF_END)]
    metadata.compress = False
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.write = partial(_write, pdf)


def _write(pdf, output, version, identifier, compress):
    """Write the file: streams as they are, everything else packed into one object stream, then the cross-reference stream.

    pydyf's own writer makes the bytes of every object twice, compresses at the slowest level, and ends a stream with a bare
    line feed, which a strict checker misreads when the last compressed byte is a carriage return.
    """
    pdf.add_object(pdf.info)
    objects = [Written(item) for item in pdf.objects if item.free != "f"]
    content = bytearray(b"%%PDF-%b\n%%\xf0\x9f\x96\xa4\n" % str(version).encode())
    packed = [item for item in objects if item.packable]
    places = {item.number: (2, len(pdf.objects), place) for place, item in enumerate(packed)}
    for item in [item for item in objects if not item.packable] + [_object_stream(packed, len(pdf.objects))]:
        places[item.number] = (1, len(content), 0)
        content += item.indirect
    start, number = len(content), len(pdf.objects) + 1
    places |= {0: (0, 0, 65535), number: (1, start, 0)}
    rows = b"".join(kind.to_bytes(1, "big") + offset.to_bytes(4, "big") + place.to_bytes(4, "big") for kind, offset, place in
                    (places[key] for key in range(number + 1)))
    facts = {"Type": "/XRef", "W": pydyf.Array((1, 4, 4)), "Size": number + 1, "Root": pdf.catalog.reference, "Info": pdf.info.reference,
             "ID": pydyf.Array((b"<%b>" % identifier, b"<%b>" % identifier))}
    content += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, _stream(facts, [rows]), start)
    output.write(content)


def _object_stream(packed, number):
    offsets, position = [], 0
    for item in packed:
        offsets.append(b"%d %d" % (item.number, position))
        position += len(item.data) + 1
    table = b" ".join(offsets) + b"\n"
    facts = {"Type": "/ObjStm", "N": len(packed), "First": len(table)}
    stream = pydyf.Stream([table + b"\n".join(item.data for item in packed)], facts, compress=True)
    stream.number = number
    return Written(stream)


def _stream(facts, parts, compress=True):
    content = b"\n".join(part if isinstance(part, bytes) else pydyf._to_bytes(part) for part in parts)
    facts = pydyf.Dictionary(dict(facts))
    if compress:
        facts["Filter"] = "/FlateDecode"
        content = zlib.compress(content, LEVEL)
    facts["Length"] = len(content)
    return b"%b\nstream\n%b\r\nendstream" % (facts.data, content)
