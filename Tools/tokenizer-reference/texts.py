"""Texts that tokenizers disagree about."""

import random

PLAIN = """
how many dogs are in the picture?
a picture of
a woman sitting on the beach with her dog
What's the man's name, and why isn't he here?
I'm sure they've seen it; we're late. Don't!
it costs $3.50 (that's 20% off) at http://example.com/a?b=c&d=e#f
e-mail: someone@example.org, C++ / C# / F#
"quoted" 'single' `back` “curly” ‘quotes’ «guillemets» „low“
snake_case camelCase kebab-case SCREAMING_CASE
3.14159 1,000,000 1e-10 0xFF 2024-11-05 12:34:56
supercalifragilisticexpialidocious antidisestablishmentarianism
...!!!??? ,,, ;;; :::
a.b.c.d e..f g...h
## ##ing # #hashtag ###
[unused0] [unused1] unused1
hello\tworld⏎new line\r⏎windows\vvertical\ffeed
  leading and trailing spaces   
\u00a0no-break\u00a0space\u202fnarrow\u3000ideographic\u2003em\u2009thin\u1680ogham
line\u2028separator paragraph\u2029separator next\u0085line
zero\u200bwidth space, zero\u200cwidth non-joiner, zero\u200djoiner, word\u2060joiner, bom\ufeff
soft\u00adhyphen, left\u200emark, right\u200fmark, \u202ebidi\u202c
null\u0000char bell\u0007 escape\u001b[0m delete\u007f c1\u0080\u009f
replacement \ufffd character noncharacter \ufffe \uffff
private \ue000 use \U000f0000 tag \U000e0041 \U000e007f
object \ufffc replacement interlinear \ufff9a\ufffab\ufffb
Café naïve façade Ångström résumé Übermut ñandú
Cafe\u0301 nai\u0308ve A\u030angstro\u0308m e\u0301\u0302\u0303\u0304
e\u0323\u0301 e\u0301\u0323 \u0323\u0301 \u0301
STRASSE Straße ẞ ﬁ ﬂ ﬀ ﬃ ǆ ǅ Ǆ
İstanbul ıstanbul I i ISTANBUL İİ i\u0307
ΣΊΣΥΦΟΣ σίσυφος ΟΔΟΣ ὈΔΥΣΣΕΎΣ ᾳ ᾼ ΐ
МОСКВА Москва ёлка Ёлка йод Йод Украї́на
שָׁלוֹם עולם ﬡ שׁ
السَّلامُ عَلَيْكُمْ ـــ ٣٤٥ ۀ ؤ
नमस्ते दुनिया क़ ि हिन्दी বাংলা ড় தமிழ் తెలుగు
สวัสดีชาวโลก ກຳ ព្រះ မြန်မာ བོད་ཡིག
你好世界 中文 字 一 㐀 𠀀 𪜀 𫝀 𫠠 𰀀 豈 更 車 丽 〇 々
日本語のテキスト カタカナ ｶﾀｶﾅ ガギグ か\u3099 ば ぱ 〜・「」、。
한국어 텍스트 각 가 힣 \u1112\u1161\u11ab ㄱ ㅏ
中文mixed英文 1中2文3
ＦＵＬＬ　ｗｉｄｔｈ！？，．（）：～／－
ÀÉÎÕÜ àéîõü Ñ ñ Ç ç Ÿ ÿ Đ đ Ø ø Ł ł Ħ ħ
𝐀𝐁𝐂 𝒜 𝔸 ℂ ℝ ℵ Ω Å K Ⅷ ⅷ ① ㊀ ㍿ ½ ² ₂ ªº
😀 😃 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 ❤️ ☃ ✈︎ #️⃣ 1️⃣
smile😀smile ❤text🙂🙃
a😀b c☃d e™f g©h
∀x∈ℝ: ⌈x⌉ = −⌊−x⌋ ≤ ≥ ≠ ± × ÷ √ ∞ ∑ ∫
€100 £50 ¥1000 ₹500 ¢ ₿
← → ↑ ↓ ↔ ⇒ • ‣ ● ■ ★ ♥ ♪
– — ― ‐ ‑ ‒ − _ ‾ ¯ ¨ ´ ` ^ ~
§ ¶ † ‡ … ‰ ′ ″ ‹ › ¿ ¡ ¦
܀ ؛ ، ؟ । ॥ ෴ ๏ ༄ ၊ ។ ᠀ ⁂ ⸮ ⸺ ⹀ 。 ﹏ ︵ 𐄀 𑁇 𒑰 𝪇
\u093f\u0301 a\u302e\u302fb a\U0001d165\U0001d16d\u0301b \U00016ff0\U00016ff1
\u0f71\u0f72\u0f74 \u0f73 \u0f75 \u0f81 \u0344 \u0340 \u0341
a\u05b0\u05bc\u0334\u0345b \u1ab0\u1dc0\u20d0\u20ddc \ufe20x\ufe2f
ꙮ Ꙃ ꭰ Ꭰ ᏸ Ა ა Ⴀ Ⱥ Ⱦ Ꟁ Ꞌ Ɤ
𐐀𐐨 𞤀𞤢 𑢠 𖹀 𐲀 𐵐 𐖀
""".strip("\n").split("\n")

SPECIAL = """
[CLS]
[SEP]
[SEP][SEP]
x[SEP]y
[CLS] hello [SEP] world [PAD] [MASK] [UNK]
[DEC] a picture of
[ENC]what is this?[DEC]
[dec] [Dec] [enc] [cls] [Mask]
[ DEC ] [DEC [DEC]] [[DEC]] DEC]
[[SEP]] [SE[SEP]P]
##[SEP]## [SEP]##ing
foo bar foobar FOOBAR fooBar foo\u0301bar
<img> <IMG>  <img>x y<img> z <img>
wordy word words sword word. (word) _word word1 éword wordé word中 word word
été ÉTÉ ETE e\u0301te\u0301
left   <l>   right <r>   end <r><l> <l><l>
""".strip("\n").split("\n")

REPEATED = [
    ("a", 99), ("a", 100), ("a", 101), ("a", 10_000), ("é", 100), ("é", 101), ("中", 300),
    ("e\u0301", 100), ("\u0301", 500), ("😀", 100), ("😀", 101), ("İ", 101), ("각", 34),
    ("supercalifragilistic", 5), ("supercalifragilistic", 6), (".", 1000), (" ", 1000),
    ("\u0000", 1000), ("ab ", 1000), ("[SEP]", 300), ("[", 1000), ("[SE", 500), ("x" * 99 + "中", 2),
    ("a\u302e\u0316\u302f\u0315", 100), ("\u200d", 200), ("un", 50), ("##", 60), ("q", 100),
]  # fmt: skip


def random_texts(count):
    """Scalars of every kind side by side, with whitespace, words and added tokens between."""
    generator = random.Random(20)
    ranges = [
        (0x00, 0x7F), (0x80, 0x24F), (0x250, 0x36F), (0x370, 0x5FF), (0x600, 0xDFF),
        (0xE00, 0x1FFF), (0x2000, 0x2BFF), (0x2E00, 0x33FF), (0x4E00, 0x9FFF), (0xA000, 0xD7FF),
        (0xF900, 0xFFFF), (0x10000, 0x1FFFF), (0x20000, 0x2FA1F), (0xE0000, 0xE01EF),
    ]  # fmt: skip
    words = ["dog", "Playing", "umbrella's", "[SEP]", "[DEC]", "word", "<img>", "FooBar", " ", "  "]
    for _ in range(count):
        parts = []
        for _ in range(generator.randint(1, 24)):
            if generator.random() < 0.3:
                parts.append(generator.choice(words))
            else:
                parts.append(chr(generator.randint(*generator.choice(ranges))))
        yield "".join(parts)


def texts():
    """Each text with how often it is repeated."""
    found = [("", 1)]
    found += [(text.replace("⏎", "\n"), 1) for text in PLAIN]
    found += [(word, 1) for line in PLAIN for word in line.split(" ") if word]
    found += [(text, 1) for text in SPECIAL]
    found += REPEATED
    found += [(text, 1) for text in random_texts(150)]
    return list(dict.fromkeys(found))
