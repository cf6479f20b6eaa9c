"""Tasks to try the templates on."""

PAIRS = [
    {
        "question": "How do I keep basil alive in winter?",
        "left": "Put it on a bright window sill, away from the radiator, and water it from below when the soil is dry.",
        "right": "Basil is a herb. Many people like it.",
    },
    {
        "question": "Is it safe to eat the skin of a kiwi?",
        "left": "No idea.",
        "right": "Yes. Wash it first; the skin holds much of the fibre.",
    },
]
PAIRS_ZH = [
    {
        "question": "冬天怎样养活罗勒？",
        "left": "放在明亮的窗台上，远离暖气，土干了再从盆底浇水。",
        "right": "罗勒是一种香草，很多人喜欢。",
    },
    {"question": "猕猴桃的皮能吃吗？", "left": "不知道。", "right": "能吃，先洗干净；皮里含有大量膳食纤维。"},
]
RESULTS = [
    {
        "question": "how to sharpen scissors at home",
        "results": [
            {
                "id": "a",
                "title": "Sharpening scissors with a whetstone",
                "body": "Angle, strokes and a test on paper.",
            },
            {"id": "b", "title": "Scissors on sale", "body": "Twelve models from stock."},
            {
                "id": "c",
                "title": "Cut sandpaper to sharpen scissors",
                "body": "A quick way for blunt household scissors.",
            },
            {"id": "d", "title": "History of the barber", "body": "From the Middle Ages until today."},
        ],
    }
]
RESULTS_ZH = [
    {
        "question": "在家怎样磨剪刀",
        "results": [
            {"id": "a", "title": "用磨刀石磨剪刀", "body": "角度、次数，以及用纸试刀。"},
            {"id": "b", "title": "剪刀特卖", "body": "十二款现货。"},
            {"id": "c", "title": "剪砂纸磨剪刀", "body": "家用钝剪刀的快速方法。"},
            {"id": "d", "title": "理发师的历史", "body": "从中世纪到今天。"},
        ],
    }
]
