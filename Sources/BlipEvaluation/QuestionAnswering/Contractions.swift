extension AnswerNormalization {
    /// Contractions by their form with one apostrophe missing.
    static let contractions: [String: String] = {
        var byMistake = ["somebody'd": "somebodyd"]
        for word in words.split(separator: " ").map(String.init) {
            for apostrophe in word.indices where word[apostrophe] == "'" {
                var mistaken = word
                mistaken.remove(at: apostrophe)
                byMistake[mistaken] = word
            }
        }
        return byMistake
    }()

    // Those that the published program mends, so no let's, she's or I'm.
    private static let words =
        "ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't "
        + "mustn't needn't oughtn't shan't shouldn't wasn't weren't won't wouldn't "
        + "could've might've must've not've should've they've we've what've where've who've "
        + "would've you've "
        + "he'd how'd it'd someone'd something'd there'd they'd where'd who'd you'd "
        + "how'll it'll somebody'll someone'll something'll they'll what'll who'll why'll you'll "
        + "there're they're what're why're you're "
        + "he's how's somebody's someone's that's there's what's when's where's who's why's "
        + "ma'am o'clock 'twas y'all 'ow's'at "
        + "couldn't've hadn't've mightn't've shouldn't've wouldn't've he'd've it'd've she'd've "
        + "somebody'd've someone'd've something'd've there'd've they'd've we'd've who'd've "
        + "you'd've y'all'll y'all'd've"
}
