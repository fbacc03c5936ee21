package billing_test

import (
	"context"
	"errors"
	"testing"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/models/store"
)

// bindRoom makes a room of a community with an owner.
func bindRoom(t *testing.T, db *store.DB, c estate.Community, code, owner, phone string) estate.Room {
	t.Helper()
	r := estate.Room{ID: models.NewID(), CommunityID: c.ID, Code: code, CodeKey: models.RoomKey(code), Area: "100",
		Occupancy: estate.Occupied,
		CreatedAt: db.Now(), UpdatedAt: db.Now()}
	modelstest.Write(t, db, func(tx *store.Tx) error { return estate.InsertRooms(tx, []estate.Room{r}) })
	modelstest.Owner(t, db, r, owner, phone)
	return r
}

// Owners bind their room however they write code, name and digits.
func TestBindByFormInEverySpelling(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := modelstest.Open(t)
	c := modelstest.Community(t, db, "阳光花园（一期）")
	rooms := map[string]estate.Room{
		"dot":      bindRoom(t, db, c, "3-2-1201", "阿卜杜·热合曼", "13800001234"),
		"joint":    bindRoom(t, db, c, "3栋2单元1202", "张三、李四", "13800001234"),
		"spaced":   bindRoom(t, db, c, "3-2-1203", "张三 李四丰", "13800001234"),
		"and":      bindRoom(t, db, c, "3-2-1204", "王小明和李小红", "13800001234"),
		"peace":    bindRoom(t, db, c, "3-2-1205", "张和平", "13800001234"),
		"aligned":  bindRoom(t, db, c, "3-2-1206", "王　五", "13800001234"),
		"english":  bindRoom(t, db, c, "03-02-1207", "JOHN SMITH", "+85291234567"),
		"landline": bindRoom(t, db, c, "3-2-1208", "杭州某某置业有限公司（筹）", "075512345678-801"),
		"leading":  bindRoom(t, db, c, "4-1-0101", "赵六", "13800001234"),
		"plain":    bindRoom(t, db, c, "4-1-101", "赵六", "13800001234"),
		"zeros":    bindRoom(t, db, c, "5-1-0101", "赵六", "13800001234"),
	}
	for _, tt := range []struct{ room, code, name, digits string }{
		{"dot", "3-2-1201", "阿卜杜·热合曼", "1234"}, {"dot", "3-2-1201", "阿卜杜•热合曼", "1234"}, {"dot", "3-2-1201", "阿卜杜‧热合曼", "1234"},
		{"dot", "3-2-1201", "阿卜杜・热合曼", "1234"}, {"dot", "3-2-1201", "阿卜杜．热合曼", "1234"}, {"dot", "3-2-1201", "阿卜杜.热合曼", "1234"},
		{"dot", "3-2-1201", "阿卜杜 ∙ 热合曼", "1234"}, {"dot", "3-2-1201", "阿卜杜⋅热合曼", "1234"},
		{"dot", "3-2-1201", "\u200b阿卜杜\u2060·热合曼\ufeff", "1234"}, {"dot", "\u202a3-2-1201\u202c", "阿卜杜·\u00a0热合曼", "\u200e1234\u200f"},
		{"dot", "3-2-1201", "阿卜杜·热合曼", "１２３４"}, {"dot", "3-2-1201", "阿卜杜·热合曼", " 1 2 3 4 "}, {"dot", "3-2-1201", "阿卜杜·热合曼", "１２　34"},
		{"dot", "03-02-1201", "阿卜杜·热合曼", "1234"}, {"dot", "三栋二单元1201", "阿卜杜·热合曼", "1234"}, {"dot", "3.2.1201", "阿卜杜·热合曼", "1234"},
		{"dot", "3栋2单元1201室", "阿卜杜·热合曼", "1234"}, {"dot", "３－２－１２０１", "阿卜杜·热合曼", "1234"}, {"dot", "3 2 1201", "阿卜杜·热合曼", "1234"},
		{"dot", "阳光花园（一期）3-2-1201", "阿卜杜·热合曼", "1234"}, {"dot", "阳光花园(一期)三栋二单元一二〇一室", "阿卜杜·热合曼", "1234"},
		{"dot", "阳光花园 （一期） 03栋02单元1201", "阿卜杜·热合曼", "1234"}, {"dot", "叁幢贰单元1201", "阿卜杜·热合曼", "1234"},
		{"joint", "3-2-1202", "张三", "1234"}, {"joint", "3-2-1202", "李四", "1234"}, {"joint", "3-2-1202", "张三、李四", "1234"},
		{"joint", "3-2-1202", "李四，张三", "1234"}, {"joint", "3-2-1202", "张 三", "1234"}, {"joint", "3-2-1202", "张三/李四", "1234"},
		{"spaced", "3-2-1203", "张三", "1234"}, {"spaced", "3-2-1203", "李四丰", "1234"}, {"spaced", "3-2-1203", "张三;李四丰", "1234"},
		{"and", "3-2-1204", "王小明", "1234"}, {"and", "3-2-1204", "李小红", "1234"}, {"and", "3-2-1204", "王小明与李小红", "1234"},
		{"peace", "3-2-1205", "张和平", "1234"},
		{"aligned", "3-2-1206", "王五", "1234"}, {"aligned", "3-2-1206", "王 五", "1234"}, {"aligned", "3-2-1206", "王\u00a0五", "1234"},
		{"english", "3-2-1207", "John Smith", "4567"}, {"english", "03-02-1207", "john  smith", "4567"}, {"english", "3-2-1207",
			"JOHNSMITH", "4567"},
		{"landline", "3-2-1208", "杭州某某置业有限公司(筹)", "5678"},
		{"leading", "4-1-0101", "赵六", "1234"}, {"plain", "4-1-101", "赵六", "1234"}, {"zeros", "5-1-101", "赵六", "1234"},
	} {
		user := modelstest.User(t, db)
		form := billing.BindingForm{CommunityID: c.ID, RoomCode: tt.code, OwnerName: tt.name, PhoneLast4: tt.digits}
		if id, err := billing.BindByForm(ctx, db, user.ID, form); err != nil || id != rooms[tt.room].ID {
			t.Errorf("%+q is bound to %s, want %s: %v", form, id, rooms[tt.room].ID, err)
		}
	}
	for _, tt := range []struct{ code, name, digits string }{
		{"3-2-1202", "张", "1234"}, {"3-2-1202", "王五", "1234"}, {"3-2-1202", "张三、王五", "1234"}, {"3-2-1202", "、", "1234"},
		{"3-2-1202", "张三、李四、王五", "1234"}, {"3-2-1205", "张", "1234"}, {"3-2-1205", "平", "1234"}, {"3-2-1206", "王", "1234"},
		{"3-2-1202", "", "1234"}, {"3-2-1202", "张三", "123"}, {"3-2-1202", "张三", "12345"}, {"3-2-1202", "张三", "0801"}, {"3-2-1202",
			"张三", ""},
		{"3-2-1208", "杭州某某置业有限公司（筹）", "8801"}, {"04-01-00101", "赵六", "1234"}, {"四栋一单元101", "赵六", "1234"}, // 4-1-101 or 4-1-0101

		{"3-21-201", "阿卜杜·热合曼", "1234"}, {"32-1201", "阿卜杜·热合曼", "1234"}, {"9-9-9999", "张三", "1234"}, {"翠湖3-2-1201", "阿卜杜·热合曼", "1234"},
		{"", "张三", "1234"}, {"室", "张三", "1234"},
	} {
		user := modelstest.User(t, db)
		form := billing.BindingForm{CommunityID: c.ID, RoomCode: tt.code, OwnerName: tt.name, PhoneLast4: tt.digits}
		id, err := billing.BindByForm(ctx, db, user.ID, form)
		if !errors.Is(err, billing.ErrBindingMismatch) {
			t.Errorf("%+q is bound to %s, %v", form, id, err)
		}
	}
	other := modelstest.Community(t, db, "翠湖苑")
	if _, err := billing.BindByForm(ctx, db, modelstest.User(t, db).ID,
		billing.BindingForm{CommunityID: other.ID, RoomCode: "3-2-1202", OwnerName: "张三",
			PhoneLast4: "1234"}); !errors.Is(err, billing.ErrBindingMismatch) {
		t.Errorf("a room of another community: %v", err)
	}
}
