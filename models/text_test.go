package models_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wuyepay/models"
)

func TestRoomKey(t *testing.T) {
	t.Parallel()
	for key, codes := range map[string][]string{
		"3-2-1201": {
			"3栋2单元1201室", "3-2-1201", "３－２－１２０１", " 3 幢 2 单元 1201 ", "3号楼2单元1201号", "3座-2单元-1201房", "3—2–1201", "3_2/1201#",
			"--3--2--1201--",
		},
		"A-101": {"a-101", "Ａ栋１０１", "A座101室"},
		"B1-7":  {"b1-7", "B1#7"},
		"":      {"", "室", " ", "-"},
	} {
		for _, code := range codes {
			if have := models.RoomKey(code); have != key {
				t.Errorf("%q has the key %q, want %q", code, have, key)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) { // a key is its own key
		key := models.RoomKey(rapid.StringOfN(rapid.RuneFrom([]rune("3aＡ１－ 栋单元室号#")), 0, 12, -1).Draw(t, "code"))
		if models.RoomKey(key) != key {
			t.Errorf("the key %q has the key %q", key, models.RoomKey(key))
		}
	})
}

func TestHalfWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"１２－３": "12-3", "ＡＢｃ！～": "ABc!~", "一 二　三": "一二三", "a\u0000\tb\n": "ab", "栋": "栋", "": "",
	} {
		if have := models.HalfWidth(text); have != want {
			t.Errorf("%q becomes %q, want %q", text, have, want)
		}
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		mask       func(string) string
		text, want string
	}{
		{"phone", models.MaskPhone, "13800000001", "138****0001"},
		{"phone", models.MaskPhone, "0571888", "057****1888"},
		{"phone", models.MaskPhone, "123456", "****"},
		{"phone", models.MaskPhone, "+85291234567", "+852****4567"},
		{"phone", models.MaskPhone, "+886912345678", "+886****5678"},
		{"phone", models.MaskPhone, "+12125550123", "+1****0123"},
		{"phone", models.MaskPhone, "+6591234567", "+65****4567"},
		{"phone", models.MaskPhone, "075512345678-801", "075****5678"},
		{"phone", models.MaskPhone, "4001234567", "400****4567"},
		{"phone", models.MaskPhone, "", ""},
		{"name", models.MaskName, "吕敏博", "吕**"},
		{"name", models.MaskName, "吕", "吕"},
		{"name", models.MaskName, "杭州某某置业有限公司", "杭***"},
		{"name", models.MaskName, "", ""},
		{"room", models.MaskRoom, "3栋2单元1201", "3栋****"},
		{"room", models.MaskRoom, "12号楼301", "12号楼****"},
		{"room", models.MaskRoom, "1-2-301", "****"},
		{"room", models.MaskRoom, "栋301", "****"},
	} {
		if have := tt.mask(tt.text); have != tt.want {
			t.Errorf("the %s %q is shown as %q, want %q", tt.name, tt.text, have, tt.want)
		}
	}
}

func TestItemList(t *testing.T) {
	t.Parallel()
	two := models.Items("水费", "电费")
	if !two.Has("水费") || !two.Has("电费") || two.Has("费") || two.Has("") || !slices.Equal(two.Names(), []string{"水费", "电费"}) {
		t.Errorf("the list of two items is %q", two.Names())
	}
	if two != models.Items("水费", "电费") || two == models.Items("电费", "水费") {
		t.Error("lists are compared by their items, in their order")
	}
	if all := models.Items(); !all.Has("水费") || all.Names() != nil || all != "" {
		t.Errorf("the list of all items is %q", all.Names())
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	before := models.FirstIDAt(models.At(time.Now()))
	var ids []string
	for range 1000 {
		ids = append(ids, models.NewID())
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Error("ids made one after the other do not ascend")
	}
	after := models.FirstIDAt(models.At(time.Now().Add(time.Second)))
	if before > ids[0] || after <= ids[999] || !models.IsID(before) {
		t.Errorf("ids from %s to %s are not between %s and %s", ids[0], ids[999], before, after)
	}
	if first := models.FirstIDAt(models.Time{}); first != strings.Repeat("0", 26) {
		t.Errorf("the first id at never is %s", first)
	}
	for text, want := range map[string]bool{ids[0]: true, ids[0][:25]: false, ids[0] + "0": false, "": false, "王小明": false} {
		if models.IsID(text) != want {
			t.Errorf("%q is an id: %t", text, !want)
		}
	}
}

func TestActors(t *testing.T) {
	t.Parallel()
	if a := models.UserActor("u1"); a != (models.Actor{Kind: models.ActorUser, ID: "u1"}) {
		t.Errorf("a person on a phone is %+v", a)
	}
	if a := models.SystemActor("sweep"); a != (models.Actor{Kind: models.ActorSystem, Name: "sweep"}) {
		t.Errorf("a job is %+v", a)
	}
	ctx := context.Background()
	if id := models.RequestID(ctx); id != "" {
		t.Errorf("without a request its id is %q", id)
	}
	if id := models.RequestID(models.WithRequestID(models.WithRequestID(ctx, "outer"), "r1")); id != "r1" {
		t.Errorf("the id of the request is %q", id)
	}
}
