"""What record_metrics.py scores: written to meet the corners of the metrics."""

TEXTS = [
    "", " ", ".", "?!", "A man riding a wave on top of a surfboard.", "two dogs ,one cat;three birds",
    "It's a dog's life, isn't it?", "I can't, won't and cannot.", "the girls' room", "gonna wanna gotta",
    "A sign that says \"STOP\" (twice) [sic] {x}", "‘single’ “double” «angles» ´acute´ `grave`",
    "a well-known, 5-year-old t-shirt", "pre - post -- dash --- more ---- and ------",
    "en–dash, em—dash … dots ... .. .... end", "At 10:30am or 5:30 p.m. on 9/11/2001",
    "$5.50, 50% off, #1, No. 5, no. five", "1 1/2 cups, 3/4 inch, ½ cup, 1,000 men, .5 and -5",
    "U.S. Mr. Smith's dog in St. Louis, etc.", "e.g. this, i.e. that, vs. those, J. K. Rowling",
    "Mass. and mass. and Wash. or wash.", "AT&T black&white B&W a & b", "on a bench.The man left",
    "café naïve São Paulo Ångström", "привет мир 日本語 한국어", "a 😀 smile ❤ and ★",
    "Yahoo!Japan what?!? no!! ok?", "rock 'n' roll in the '90s, '80s.", "5'10\" tall, 6' wide",
    "y'all c'mon o'clock ma'am O'Reilly l'eau", "'tis 'twas 'em 'til 'cause 'bout", "it’s don’t y’all",
    "http://example.com/a?b=c www.example.com me@example.com #tag @user", ":-) ;) :D :p <3 ^_^ =) :(",
    "<b>bold</b> &amp; &lt; a < b > c", "man/woman and/or w/ a 24/7 a_b __init__", "C++ C# A+ US$5 €5 £5 5¢",
    "x\u00a0y\tz  w", "soft\u00adhyphen zero\u200bwidth", "e\u0301 and é", "** * *** + = ~ ^ | \\ /",
    "should've could've who'd he'll they're I'm", "don`t man`s it´s", "shouldn't've", "MR. T'S DOG",
]

_FIVE = [
    "A man with a red helmet on a small moped on a dirt road.",
    "Man riding a motor bike on a dirt road on the countryside.",
    "A man riding on the back of a motorcycle.",
    "A dirt path with a young person on a motor bike rests to the foreground of a verdant area.",
    "A man in a red shirt and a red hat is on a motorcycle on a hill side.",
]


def _case(candidate: str, *references: str) -> dict:
    return {"candidate": candidate, "references": list(references)}


CAPTION_SETS = {
    "one picture": [_case("a man riding a motorcycle down a dirt road", *_FIVE)],
    "ordinary": [
        _case("a man riding a motorcycle down a dirt road", *_FIVE),
        _case("a woman cutting a cake with a knife", "A woman wearing a net on her head cutting a cake.",
              "A woman cutting a large white sheet cake.", "there is a woman that is cutting a white cake"),
        _case("A dog's ball, isn't it?", "It's the dog's ball.", "A ball (red) on the grass!"),
        _case("two giraffes standing next to each other", "Two giraffes standing side by side."),
        _case("the the the the the the the", "the cat is on the mat", "there is a cat on the mat"),
    ],
    "equal": [_case("a cat on a mat", "A cat on a mat."), _case("two dogs run", "Two dogs run!")],
    "nothing in common": [_case("a b c d e", "v w x y z"), _case("f g h i j", "q r s t u")],
    "empty captions": [
        _case("", "A dog."), _case("a dog on grass", ""), _case("", ""), _case("...", "?", "."),
        _case("a dog on the grass", "a dog on the grass"),
    ],
    "one word": [_case("dog", "dog"), _case("cat", "dog", "cat"), _case("bird", "a bird.")],
    "lengths": [
        _case("a dog", "a dog runs over the wide green field after a ball"),
        _case("a dog runs over the wide green field after a ball and then over it again", "a dog"),
        _case("a dog runs far", "a dog runs", "a dog runs far away", "a dog"),
        _case("one two three four five six", "one two three four", "one two three four five six seven eight"),
    ],
    "unicode": [
        _case("un café à São Paulo", "Un café à São Paulo.", "un cafe a Sao Paulo"),
        _case("ｅ́ e\u0301 é", "é e\u0301", "é é"), _case("a 😀 face", "a smiling face 😀"),
        _case("1 1/2 cups of tea", "1 1/2 cups", "a cup and a half", "1\u00a01/2 cups of tea"),
    ],
    "many references": [
        _case("a man on a bike", *[f"a man number {i} on a bike" for i in range(12)]),
        _case("a bike", "a bike", "the bike", "a bike"),
    ],
}


def _question(candidate: str, answers: str, answer_type: str, question_type: str) -> dict:
    """`answers`: counts and texts, such as "7*yes|3*no"."""
    given = []
    for part in answers.split("|"):
        count, text = part.split("*", 1)
        given += [text] * int(count)
    return {"candidate": candidate, "answers": given, "answer_type": answer_type,
            "question_type": question_type}


QUESTIONS = [
    _question("yes", "10*yes", "yes/no", "is the"), _question("Yes", "10*yes", "yes/no", "is the"),
    _question("Yes.", "9*yes|1*no", "yes/no", "is the"), _question("no", "9*yes|1*no", "yes/no", "is this"),
    _question("no", "8*yes|2*no", "yes/no", "is this"), _question("no", "7*yes|3*no", "yes/no", "is this"),
    _question("no", "6*yes|4*no", "yes/no", "are there"), _question("", "9*yes|1*", "yes/no", "are there"),
    _question("two", "5*2|3*two|2*3", "number", "how many"), _question("none", "5*0|5*zero", "number", "how many"),
    _question("1,000", "4*1000|3*1,000|3*one thousand", "number", "how many"),
    _question("2.5", "4*2.5|6*2 5", "number", "how many"), _question("10", "9*ten|1*tens", "number", "how many"),
    _question("a dog", "5*the dog|5*dogs", "other", "what is"), _question("dog.", "2*dog|8*cat", "other", "what is"),
    _question("dont know", "3*don't know|7*unsure", "other", "what is"),
    _question("black-and-white", "3*black and white|7*gray", "other", "what color"),
    _question("black - white", "3*black white|7*black-white", "other", "what color"),
    _question("red/white", "5*red white|5*white/red", "other", "what color"),
    _question("red, white", "5*red white|5*red,white", "other", "what color"),
    _question("what?!", "5*what|5*why", "other", "what"), _question("1:30", "6*1:30|4*130", "other", "what time"),
    _question("youve", "5*you've|5*you have", "other", "what"), _question("couldnt've", "5*couldn't've|5*x", "other", "what"),
    _question("y'allll", "5*y'all'll|5*x", "other", "what"), _question("somebody'd", "5*somebodyd|5*somebody'd", "other", "what"),
    _question("shes", "5*she's|5*shes", "other", "what"), _question("im", "5*i'm|5*im", "other", "what"),
    _question("'owsat", "5*'ow's'at|5*'ow'sat", "other", "what"), _question("lets", "5*let's|5*lets", "other", "what"),
    _question("The Beatles", "4*beatles|6*the beatles", "other", "who"), _question("St. Louis", "4*st louis|6*st. louis", "other", "where"),
    _question("U.S.A.", "4*usa|6*u.s.a", "other", "where"), _question(" New\tYork\n", "4*new york|6*ny", "other", "where"),
    _question("3.", "4*3|6*3.5", "number", "how many"), _question(".5", "4*.5|6*5", "number", "how many"),
    _question("." * 40 + "x", "4*........x|6*y", "other", "what"), _question("e\u0301", "4*é|6*e\u0301", "other", "what"),
    _question("CAFÉ", "4*café|6*cafe", "other", "what"), _question("a an the", "4*|6*a", "other", "what"),
    _question("@home (now)", "4*home now|6*at home", "other", "where"), _question("x_y+z=1", "4*x y z 1|6*xyz1", "other", "what"),
    _question("5\\6", "4*5 6|6*56", "other", "what"), _question("one two", "1*1 2", "other", "what"),
    _question("1 2", "1*1 2", "other", "what"), _question("a", "2*b|1*c", "other", ""),
    _question("twas", "2*'twas|1*it was", "other", ""), _question("1,5 , 6", "3*15 6|7*1 5 6", "other", "what"),
]
