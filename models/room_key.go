package models

import (
	"strconv"
	"strings"
	"unicode"
)

// RoomWords replaces the words and signs between the parts of a room code by a hyphen:
// 3栋2单元1201室 becomes 3-2-1201-.
var RoomWords = strings.NewReplacer(
	"号楼", "-", "栋", "-", "幢", "-", "楼", "-", "座", "-", "单元", "-", "室", "-", "号", "-", "房", "-",
	"—", "-", "–", "-", "－", "-", "‐", "-", "‑", "-", "‒", "-", "―", "-", "−", "-", "﹣", "-", "﹘", "-",
	"_", "-", "/", "-", "#", "-")

// RoomKey returns a room code in the one spelling by which rooms are looked up:
// 3栋2单元1201室, 3-2-1201 and ３－２－１２０１ all become 3-2-1201.
func RoomKey(code string) string {
	key := RoomWords.Replace(strings.ToUpper(HalfWidth(code)))
	for strings.Contains(key, "--") {
		key = strings.ReplaceAll(key, "--", "-")
	}
	return strings.Trim(key, "-")
}

// LooseRoomKey returns a room code in a spelling that more ways to write it share than
// [RoomKey]: 三栋二单元1201, 03-02-1201, 3.2.1201 and 3 2 1201 all become 3-2-1201. Rooms
// that differ may share it, as 101 and 0101 do. Who looks a room up by it takes the room
// only if it is the only one.
func LooseRoomKey(code string) string {
	text := foldText(code)
	var out strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == ' ' && i > 0 && i+1 < len(runes) && isDigit(runes[i-1]) && isDigit(runes[i+1]), r == '·', r == ',', r == '\\':
			out.WriteByte('-')
		case r != ' ':
			out.WriteRune(r)
		}
	}
	parts := strings.Split(RoomKey(chineseFigures(out.String())), "-")
	for i, part := range parts {
		parts[i] = trimZeros(part)
	}
	return cutKey(strings.Join(parts, "-"))
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// trimZeros drops the zeros before a number, also behind letters: 03 is 3 and A03 is A3.
func trimZeros(part string) string {
	at := strings.IndexFunc(part, isDigit)
	if at < 0 || strings.IndexFunc(part[at:], func(r rune) bool { return !isDigit(r) }) >= 0 {
		return part
	}
	digits := strings.TrimLeft(part[at:], "0")
	if digits == "" {
		digits = "0"
	}
	return part[:at] + digits
}

// chineseDigits are the values of the digits that stand in codes.
var chineseDigits = map[rune]int{
	'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

var chineseUnits = map[rune]int{'十': 10, '拾': 10, '百': 100, '佰': 100}

// chineseFigures writes the Chinese numbers of a text in digits: 十二栋一二〇一 becomes
// 12栋1201.
func chineseFigures(s string) string {
	var out strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); {
		end := i
		for end < len(runes) && isChineseFigure(runes[end]) {
			end++
		}
		if end == i {
			out.WriteRune(runes[i])
			i++
			continue
		}
		out.WriteString(figureText(runes[i:end]))
		i = end
	}
	return out.String()
}

func isChineseFigure(r rune) bool {
	_, digit := chineseDigits[r]
	return digit || chineseUnits[r] > 0
}

// figureText returns a Chinese number in digits: 十二 is 12, 一百零三 is 103, and 一二〇一,
// which has no units, is 1201.
func figureText(runes []rune) string {
	sum, digit, units := 0, -1, false
	var plain strings.Builder
	for _, r := range runes {
		if unit := chineseUnits[r]; unit > 0 {
			units = true
			if digit < 0 {
				digit = 1
			}
			sum, digit = sum+digit*unit, -1
			continue
		}
		digit = chineseDigits[r]
		plain.WriteString(strconv.Itoa(digit))
	}
	if !units {
		return plain.String()
	}
	return strconv.Itoa(sum + max(digit, 0))
}

// WithoutPrefix returns a text without the name before it, in whatever spelling: the
// room 3栋1201 of 阳光花园3栋1201. ok is false if the text does not begin with the name,
// or is nothing else.
func WithoutPrefix(text, name string) (rest string, ok bool) {
	key := NameKey(name)
	if key == "" {
		return text, false
	}
	for i := range text {
		if i == 0 {
			continue
		}
		switch have := NameKey(text[:i]); {
		case have == key:
			rest = strings.TrimLeftFunc(text[i:], func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) && r != '#' })
			return rest, rest != ""
		case len(have) > len(key)+8:
			return text, false
		}
	}
	return text, false
}
