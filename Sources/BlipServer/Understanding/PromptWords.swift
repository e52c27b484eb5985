/// Words by which prompts in a dozen languages are told apart. All languages stand together: what a word
/// means in one of them is hardly ever said with it in another.
enum PromptWords {
    /// Words of languages that part them are matched by their beginning; others wherever they stand.
    struct Parts: Sendable {
        let stems: [String]
        let anywhere: [String]
    }

    static let descriptions = Parts(
        stems: words(
            """
            describ descrip caption summar narrat analyz analys explain titl headline
            beschreib bildbeschreib bildunterschrift bildtext zusammenfass analysier erkläre erläuter
            décri descri légende résum analys expliq
            leyenda subtítulo resum analiz explica didascalia riassum spiega
            legenda descrev resumo beschrij bijschrift onderschrift samenvat analyseer
            opis podpis streś przeanaliz opowiedz
            опиш опис подпис расскаж проанализ
            beskriv bildtext sammanfatta açıkla betimle tanımla altyazı опиш
            """),
        anywhere: words(
            """
            alt-text 描述 描写 描寫 描繪 描绘 说明 說明 标题 標題 简述 介绍 介紹 概括 分析 解释 説明 キャプション 教えて 述べ
            설명 묘사 캡션 分析
            """) + [
                "alt text", "pie de foto", "texte alternatif", "texto alternativo",
                "testo alternativo",
            ])

    static let labels = Parts(
        stems: words(
            """
            tags tagg keyword label hashtag schlagw stichw schlüsselw étiquette etiquet etichett trefwoord
            etykiet тег метк nyckelord etiket
            """) + ["tag "],
        anywhere: words("标签 標籤 关键词 關鍵詞 关键字 タグ キーワード ラベル 태그 키워드") + [
            "mots-clés", "mots clés", "palabras clave", "parole chiave", "palavras-chave",
            "palavras chave", "słowa kluczowe", "ключевые слова", "ключевых слов", "anahtar kelime",
        ])

    /// Ask for a list, together with a word of ``things``.
    static let listing = set(
        "list name enumerate identify detect find nenne liste listez énumère enumera lista elenca "
            + "noem wymień перечисли перечислите")
    static let things = set(
        "objects items things elements objekte gegenstände dinge objets éléments objetos elementos "
            + "cosas oggetti elementi coisas objecten voorwerpen obiekty przedmioty объекты предметы"
    )

    static let whats = set(
        "what whats que qué qu quoi o cosa che was wat co что vad ne quale cos")

    /// Words that say nothing of a picture but that it is there to be seen.
    static let empty = set(
        """
        what s is re are do does did can could you i we see in on of this that these those the a an image images
        picture pictures photo photos photograph frame frames video snapshot screenshot camera scene here there
        it me tell show shows shown showing depict depicts depicted happening happens going visible look
        looking at about contain contains content contents being please all everything anything am whats
        extract identify detail details information from attached given provided following above
        was ist sind siehst sieht seht du man sie hier auf dem diesem diesen dieser dieses diese das der die
        den bild bilder foto fotos zu sehen zeigt passiert gibt es dargestellt abgebildet kannst erkennst genau
        im und
        que qu est ce qui quoi y a t il sur dans cette ces la le les l photo vois voit voyez tu vous
        montre représente passe se ici ça c peux pouvez voir des cela
        qué hay esta este el imagen imágenes foto fotografía ves ve muestra aparece está pasando sucede puedes en la
        ver aquí esto es un una describeme
        che cosa cos c è questa questo immagine immagini vedi vede si mostra sta succedendo puoi vedere qui
        nell nella raffigura rappresenta
        o há tem nesta neste na no imagem você vê mostra acontecendo isto isso aqui pode
        wat er op deze dit de het afbeelding plaatje zie je te zien staat gebeurt hier toont kun u ziet
        co jest w tym tej to zdjęciu zdjęcie obrazie obrazku obraz widzisz widać się dzieje przedstawia
        pokazuje znajduje
        что на этой этом этого картинке картине картинка фото фотографии изображении снимке ты вы видишь видите
        видно изображено показано происходит здесь это находится есть
        vad är det här på bilden syns ser och att bu resimde fotoğrafta var görüyorsun
        """)

    /// Begin a question that stands alone, with or without its mark.
    static let asking = set(
        """
        what which who whose where when why how is are was were does do did has have
        wie wer wo wann warum welche welcher welches welchen ist sind gibt hat wieviele
        combien où quand pourquoi quel quelle quels quelles est-ce cuántos cuántas cuál quién dónde cuándo hay
        quanti quante quanto quale dove chi quantos quantas quem onde qual hoeveel welke waar wie
        ile czy kto gdzie jaki jaka jakie kiedy сколько кто где какой какая какого какие когда есть hur vem
        kaç kim nerede
        """)
    /// Begin a question among other sentences too, where a mark was forgotten.
    static let surelyAsking: Set<String> = [
        "how many", "how much", "what is", "what are", "what color", "what colour", "what kind",
        "what type", "who is", "is there", "are there", "is the", "are the", "wie viele",
        "de quelle", "de qué", "di che", "de que", "welche farbe",
    ]
    static let asianQuestions = words("多少 几个 几只 几只 什么颜色 吗 何人 何匹 いくつ ですか ますか 何色 몇 무슨 입니까 있나요")
    static let asianWholes = [
        "图片里有什么", "图片中有什么", "图中有什么", "图里有什么", "这是什么", "这张图片是什么", "你看到了什么", "你看到什么", "圖片裡有什麼",
        "发生了什么",
        "何が写って", "何が見え", "これは何", "何が映って", "何が起き", "무엇이 보이", "이것은 무엇", "사진에 무엇이", "뭐가 보이", "무엇이 있",
    ]
    /// Make a request of what has the form of a question.
    static let asianRequests = words("ください もらえ くれ 能否 可以 你能 请 해 주")
    static let polite = set(
        """
        can could would will may kannst können könnten könntest peux pouvez pourriez pourrais puedes podrías
        podría puoi potresti può pode poderia kun kunt zou czy możesz можешь можете могли kan
        """)

    static let courtesies = set(
        "please kindly hi hello hey bitte hallo s il te vous plaît por favor per favore alstublieft proszę "
            + "пожалуйста now then just and also first")
    /// What comes before a question that is put as a request.
    static let openings = [
        "can you please tell me", "could you please tell me", "can you tell me",
        "could you tell me", "would you tell me", "can you say", "tell me", "i want to know",
        "i would like to know", "i d like to know", "do you know", "let me know",
        "kannst du mir sagen", "können sie mir sagen", "sag mir", "peux tu me dire",
        "pouvez vous me dire", "dis moi", "dites moi", "puedes decirme", "dime", "puoi dirmi",
        "dimmi", "pode me dizer", "me diga", "kun je me vertellen", "powiedz mi", "скажи",
        "скажите",
    ].map { $0.split(separator: " ").map(String.init) }

    /// Begin a sentence about how the answer shall be.
    static let answering = set(
        """
        answer respond reply say be use keep make limit ensure output return only write give format provide no
        you your in choose pick select don do antworte antworten réponds répondez responde responda rispondi
        antwoord odpowiedz ответь отвечай
        """)
    /// Begin a sentence about what not to do, or what to do in some case.
    static let refusing = set(
        "don do not never avoid without no if when unless while although nicht keine ne non nie nunca"
    )
    static let roles = [
        "you are", "you're", "you describe", "you caption", "you report", "you write", "you help",
        "you tag", "you never", "you always", "you act", "act as", "imagine you", "as an ai",
        "i am ", "i'm ",
        "du bist", "sie sind", "tu es ", "vous êtes", "eres ", "usted es", "sei un", "você é",
        "je bent", "jesteś", "ты ", "вы ", "你是", "あなたは", "당신은",
    ]
    static let greetings = set(
        "hi hello hey test ping hallo bonjour hola ciao olá oi cześć привет there 你好 こんにちは 안녕")

    static let jsonMarks = ["json", "{\"", "{ \"", "{\n"]

    /// What the model cannot do, by a part of the sentence.
    static let impossible: [(part: String, what: String)] = [
        ("transcri", "read texts"), ("ocr", "read texts"), ("extract the text", "read texts"),
        ("extract all text", "read texts"), ("extract text", "read texts"),
        ("text from th", "read texts"), ("verbatim", "read texts"),
        ("translat", "translate"), ("übersetz", "translate"), ("traduc", "translate"),
        ("tradui", "translate"), ("переведи", "translate"), ("翻译", "translate"),
        ("翻訳", "translate"), ("poem", "write poems"), ("haiku", "write poems"),
        ("gedicht", "write poems"), ("poème", "write poems"), ("write a story", "write stories"),
        ("tell a story", "write stories"), ("write a song", "write songs"),
        ("bounding box", "tell where things are in pixels"),
        ("coordinates", "tell where things are in pixels"), ("write code", "write programs"),
        ("generate an image", "make pictures"), ("edit the image", "change pictures"),
    ]

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    private static func set(_ text: String) -> Set<String> { Set(words(text)) }
}
