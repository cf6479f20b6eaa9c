"""Tasks to try the templates on."""

PICTURES = [{"image": "asset:samples/kitchen.svg"}, {"image": "asset:samples/street.svg"}]
REVIEWS = [
    {"text": "The room was quiet, the bed was good, and breakfast was served until noon."},
    {"text": "We waited an hour for a soup that was cold when it came."},
    {"text": "The museum has three floors and a cloakroom."},
]
REVIEWS_ZH = [
    {"text": "房间很安静，床也舒服，早餐一直供应到中午。"},
    {"text": "等了一个小时，端上来的汤却是凉的。"},
    {"text": "博物馆共三层，设有寄存处。"},
]
