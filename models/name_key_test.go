package models_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"wuyepay/models"
)

func TestNameKey(t *testing.T) {
	t.Parallel()
	for key, names := range map[string][]string{
		"阳光花园(一期)": {
			"阳光花园(一期)", "阳光花园（一期）", "阳光花园 (一期)", "阳光 花园　（ 一期 ）", "阳光花园﹙一期﹚", "\u200b阳光花园（一期）\ufeff", "阳光\u00a0花园(一期)",
			"阳光花园〔一期〕", "阳光花园【一期】",
		},
		"sn-001a":   {"SN-001A", "sn-001a", "ＳＮ－００１Ａ", "SN—001A", "SN–001a", "SN‐001A", "SN−001A", " SN - 001A ", "SN\u2060-001A"},
		"高层·a区":     {"高层·A区", "高层•A区", "高层‧a区", "高层・A区", "高层．A区", "高层.A区", "高层∙A区", "高层⋅A区", "高层･A区", "高层 · A区"},
		"ii期m2":     {"Ⅱ期㎡", "II期m²", "ii期 M2"},
		"物业服务费":     {"物业服务费", "物业 服务费", "物业　服务费", "物业服务费\u200d"},
		"o'brien's": {"O’Brien’s", "O'Brien's", "o‘brien´s"},
		"strasse":   {"Straße", "STRASSE"},
		"café":      {"café", "CAFÉ", "Cafe\u0301"},
		"":          {"", " 　", "\u200b\u2060"},
		"水费-1~2":    {"水费－1～2", "水费—1〜2"},
		"�":         {"\xff"},
		"电费(峰),(谷)": {"电费（峰）、（谷）", "电费(峰)，(谷)"},
		"\"甲\"座":    {"“甲”座", "＂甲＂座"},
		"101":       {"１０１", "1 0 1", "①0①"},
	} {
		for _, name := range names {
			if have := models.NameKey(name); have != key {
				t.Errorf("%q has the key %q, want %q", name, have, key)
			}
		}
	}
	if key := models.NameKey(strings.Repeat("ﷺ", 100)); utf8.RuneCountInString(key) > 255 || models.NameKey(key) != key {
		t.Errorf("a key of %d characters does not fit its column", utf8.RuneCountInString(key))
	}
}

func TestDifferentNamesKeepDifferentKeys(t *testing.T) {
	t.Parallel()
	names := []string{
		"阳光花园", "阳光花园一期", "阳光花园(一期)", "阳光花园(二期)", "阳光花苑", "水费", "污水费", "水费1", "水费 2", "电费", "SN-001", "SN-01", "SN001", "SN-0O1",
		"0101", "101", "1-01", "10-1", "A·B", "AB", "A-B", "商铺", "商舖",
	}
	seen := map[string]string{}
	for _, name := range names {
		key := models.NameKey(name)
		if other, ok := seen[key]; ok {
			t.Errorf("%q and %q have the same key %q", name, other, key)
		}
		seen[key] = name
	}
}

// Whatever harmless spelling a name comes in, its key is the same; and a name that
// differs in one character has another key.
func TestNameKeyOfEverySpelling(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("阳光花园一期东区水电费商铺ABCxyz0189()-·"))
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SliceOfN(letters, 1, 20).Draw(t, "name")
		var spelt strings.Builder
		for _, r := range name {
			spelt.WriteString(rapid.SampledFrom([]string{"", "", "", " ", "　", "\u200b", "\u00a0", "\ufeff", "\u202d", "\t"}).Draw(t,
				"gap"))
			spelt.WriteString(rapid.SampledFrom(spellings(r)).Draw(t, "rune"))
		}
		key := models.NameKey(string(name))
		if have := models.NameKey(spelt.String()); have != key {
			t.Fatalf("%q has the key %q, %q has %q", string(name), key, spelt.String(), have)
		}
		at := rapid.IntRange(0, len(name)-1).Draw(t, "at")
		other := append([]rune(nil), name...)
		other[at] = letters.Draw(t, "other")
		if strings.EqualFold(string(other), string(name)) != (models.NameKey(string(other)) == key) {
			t.Fatalf("%q and %q have the keys %q and %q", string(name), string(other), key, models.NameKey(string(other)))
		}
	})
}

// spellings returns the ways to write a character that make no difference.
func spellings(r rune) []string {
	one := string(r)
	switch {
	case r == '(':
		return []string{one, "（", "﹙"}
	case r == ')':
		return []string{one, "）", "﹚"}
	case r == '-':
		return []string{one, "－", "—", "–", "‐", "−"}
	case r == '·':
		return []string{one, "•", "‧", "・", "．", ".", "∙", "⋅"}
	case r > ' ' && r < 0x7f:
		return []string{one, string(r - '!' + '！'), strings.ToLower(one), strings.ToUpper(one)}
	}
	return []string{one}
}

func TestPersonKey(t *testing.T) {
	t.Parallel()
	for key, names := range map[string][]string{
		"张三":          {"张三", "张　三", "张 三", " 张\u200b三 ", "张\u00a0三"},
		"阿卜杜·热合曼":     {"阿卜杜·热合曼", "阿卜杜•热合曼", "阿卜杜‧热合曼", "阿卜杜・热合曼", "阿卜杜．热合曼", "阿卜杜.热合曼", "阿卜杜∙热合曼", "阿卜杜⋅热合曼", "阿卜杜 · 热合曼"},
		"john smith":  {"JOHN SMITH", "John  Smith", "john　smith", "Ｊｏｈｎ Smith"},
		"j·smith":     {"J. Smith", "J.Smith", "j · smith"},
		"张三(父)":       {"张三（父）", "张 三 (父)"},
		"杭州某某置业有限公司":  {"杭州某某置业有限公司", "杭州某某 置业有限公司"},
		"張三john":      {"張三 John", "張三John"},
		"김 철수":        {"김 철수", "김  철수"},
		"o'neil-jane": {"O’Neil–Jane"},
	} {
		for _, name := range names {
			if have := models.PersonKey(name); have != key {
				t.Errorf("%q has the key %q, want %q", name, have, key)
			}
		}
	}
	for _, pair := range [][2]string{
		{"JOHN SMITH", "JOHNSMITH"}, {"张三", "张山"}, {"张三", "张三丰"}, {"阿卜杜·热合曼", "阿卜杜热合曼"}, {"Anna Lee", "Annalee"},
	} {
		if models.PersonKey(pair[0]) == models.PersonKey(pair[1]) {
			t.Errorf("%q and %q are one person", pair[0], pair[1])
		}
	}
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"JOHN SMITH", "johnsmith", true}, {"张　三", "张三", true}, {"张三", "李四", false}, {"", "", false}, {" ", "\u200b", false},
	} {
		if have := models.SamePerson(tt.a, tt.b); have != tt.same {
			t.Errorf("%q and %q are one person: %t", tt.a, tt.b, have)
		}
	}
}

func TestLooseRoomKey(t *testing.T) {
	t.Parallel()
	for key, codes := range map[string][]string{
		"3-2-1201": {
			"3-2-1201", "3栋2单元1201室", "03-02-1201", "三栋二单元1201", "三栋二单元一二〇一室", "3.2.1201", "3．2．1201", "3·2·1201", "3 2 1201",
			"3 栋 2 单元 1201",
			"３－２－１２０１", "3—2—1201", "3，2，1201", "3\u200b-2-1201", "叁幢贰单元1201",
		},
		"12-1-101": {"十二栋一单元101", "12-01-0101", "12号楼1单元101"},
		"20-103":   {"二十栋一百零三", "20-103"},
		"10-1":     {"十栋一室", "拾栋1"},
		"A-101":    {"a座101", "Ａ－１０１", "A-0101"},
		"A3-101":   {"A03-101", "a3-101"},
		"0-1":      {"0-1", "000-01"},
		"B1-7":     {"b1-7", "B1#7", "B01.7"},
		"101A":     {"101a"},
		"":         {"", "室", " "},
		"阳光3-1":    {"阳光三栋1"},
	} {
		for _, code := range codes {
			if have := models.LooseRoomKey(code); have != key {
				t.Errorf("%q has the loose key %q, want %q", code, have, key)
			}
		}
	}
	for _, pair := range [][2]string{{"3-2-1201", "3-21-201"}, {"3-2-1201", "32-1201"}, {"1-1-101", "1-1-1010"}, {"A-101", "B-101"},
		{"10-1", "1-01"}} {
		if models.LooseRoomKey(pair[0]) == models.LooseRoomKey(pair[1]) {
			t.Errorf("%q and %q have the same loose key", pair[0], pair[1])
		}
	}
}

func TestWithoutPrefix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, name, rest string }{
		{"阳光花园3栋1201", "阳光花园", "3栋1201"},
		{"阳光花园（一期） 3-2-1201", "阳光花园(一期)", "3-2-1201"},
		{"阳光 花园-3-1201", "阳光花园", "3-1201"},
		{"翠湖3栋1201", "阳光花园", ""},
		{"阳光花园", "阳光花园", ""},
		{"3栋1201", "", ""},
		{"", "阳光花园", ""},
	} {
		rest, ok := models.WithoutPrefix(tt.text, tt.name)
		if ok != (tt.rest != "") || ok && rest != tt.rest {
			t.Errorf("%q without %q is %q, %t", tt.text, tt.name, rest, ok)
		}
	}
}

// Folding never panics, is its own fold, and returns valid text without spaces at the
// ends.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "阳光花园（一期）", "張 三", "ＳＮ－００１", "John  Smith", "十二栋一百零三", "ﷺ", "\xff\xfe", "´", "Å\u0323", "\u0345ι",
		"ǰ", "ᾳ", "·.．"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, fold := range map[string]func(string) string{
			"NameKey": models.NameKey, "PersonKey": models.PersonKey, "RoomKey": models.RoomKey, "LooseRoomKey": models.LooseRoomKey,
		} {
			key := fold(s)
			if again := fold(key); again != key {
				t.Errorf("%s of %q is %q, and of that %q", name, s, key, again)
			}
			if strings.TrimSpace(key) != key {
				t.Errorf("%s of %q has spaces at the ends: %q", name, s, key)
			}
		}
		for name, fold := range map[string]func(string) string{"NameKey": models.NameKey, "PersonKey": models.PersonKey} {
			if key := fold(s); !utf8.ValidString(key) || utf8.RuneCountInString(key) > 255 {
				t.Errorf("%s of %q is not a text for its column: %q", name, s, key)
			}
		}
		_, _ = models.WithoutPrefix(s, s)
	})
}
