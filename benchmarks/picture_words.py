"""The edits and targets of the picture benchmark in words."""

from __future__ import annotations

from sekisho.model import Text

EDITS = {
    "none": Text("unchanged", "変更なし"),
    "recompressed": Text("JPEG of quality 30", "JPEG 品質30"),
    "quarter_size": Text("a quarter of the size", "4分の1に縮小"),
    "gray": Text("gray", "グレー化"),
    "tone": Text("tone", "階調の変更"),
    "colour": Text("colour", "色の変更"),
    "blur": Text("blurred", "ぼかし"),
    "noise": Text("noise", "ノイズ"),
    "stretch": Text("stretched", "縦横比の変更"),
    "text_over": Text("text over it", "文字の重ね描き"),
    "emoji_over": Text("emoji over it", "絵文字の重ね描き"),
    "mirror": Text("mirrored", "左右反転"),
    "quarter_turn": Text("quarter turn", "90度単位の回転"),
    "halftone": Text("halftone", "網点化"),
    "turned_5": Text("turned by 5°", "5度回転"),
    "turned_15": Text("turned by 15°", "15度回転"),
    "cropped_10": Text("10 % cropped", "10%切り落とし"),
    "cropped_30": Text("30 % cropped", "30%切り落とし"),
    "cropped_50": Text("half cropped", "50%切り落とし"),
    "cropped_70": Text("70 % cropped", "70%切り落とし"),
    "perspective": Text("perspective", "遠近変形"),
    "line_art": Text("line art", "線画化"),
    "screenshot": Text("screenshot", "スクリーンショット"),
    "panel_of_4": Text("one of 4 panels", "4コマ中の1コマ"),
    "panel_of_9": Text("one of 9 panels", "9コマ中の1コマ"),
    "pasted": Text("pasted on a photograph", "写真への貼り付け"),
    "combination": Text("crop + mirror + colour + text", "切り抜き＋反転＋色＋文字"),
}
TARGETS = {
    "panel_of_4": 0.97,
    "panel_of_9": 0.85,
    "pasted": 0.80,
    "cropped_50": 0.90,
    "cropped_70": 0.70,
    "line_art": 0.60,
    "combination": 0.60,
}
"""Shares to be found where one in 1,000 strangers is recognised, fixed before the recogniser was written."""
