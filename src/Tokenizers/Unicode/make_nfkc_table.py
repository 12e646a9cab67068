"""Writes nfkc.txt, the table UnicodeNormalizer reads, from the Unicode data of this Python. Run: python3 make_nfkc_table.py > nfkc.txt"""
import unicodedata

print(f"# Unicode {unicodedata.unidata_version}, written by make_nfkc_table.py. Hangul syllables are computed, not listed.")
print("# <code> <class>      combining class")
print("# <code> = <codes>    canonical decomposition that composes back;  - one that does not;  ~ compatibility decomposition")
for code in range(0x110000):
    if 0xAC00 <= code <= 0xD7A3 or 0xD800 <= code <= 0xDFFF:
        continue
    character = chr(code)
    if unicodedata.combining(character):
        print(f"{code:X} {unicodedata.combining(character)}")
    parts = unicodedata.decomposition(character).split()
    if not parts:
        continue
    kind = "~" if parts[0].startswith("<") else "-"
    codes = [part for part in parts if not part.startswith("<")]
    if kind == "-" and len(codes) == 2 and unicodedata.normalize("NFC", unicodedata.normalize("NFD", character)) == character:
        kind = "="
    print(f"{code:X} {kind} {' '.join(f'{int(part, 16):X}' for part in codes)}")
