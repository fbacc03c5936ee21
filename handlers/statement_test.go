package handlers_test

import (
	"bytes"
	"net/url"
	"testing"

	"wuyepay/billing/statement"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/modelstest"
	"wuyepay/payment/paymenttest"
)

// A statement has every line and balance of the days that were asked for.
func TestStatementView(t *testing.T) {
	f := newFront(t, func(s *paymenttest.Setup) { s.Start = models.MustDate("2026-01-01").Start() })
	h := f.Home(1, january)
	p := f.as(h.User)
	f.Clock.Set(modelstest.Start)
	o := h.PaidOrder(500, 0)
	path := "/rooms/" + h.Room.ID + "/statement?"
	head := named(`"room_id":"$room","display_name":"测试小区 1栋1单元$number"`, "room", h.Room.ID, "number", h.Room.Number)
	bill := `{"on":"2026-01-01","kind":"bill","text":"账单 物业服务费","item":"物业服务费","period_start":"2026-01-01",
		"period_end":"2026-01-31","charge_fen":11002,"paid_fen":0,"amount_fen":0,"balance_fen":11002}`
	late := `{"on":"2026-03-15","kind":"late_fee","text":"违约金（随缴费计入） 物业服务费","item":"物业服务费","period_start":"2026-01-01",
		"period_end":"2026-01-31","charge_fen":1947,"paid_fen":0,"amount_fen":0,"balance_fen":12949}`
	paid := `{"on":"2026-03-15","kind":"payment","text":"缴费 微信支付","charge_fen":0,"paid_fen":13449,"amount_fen":0,
		"balance_fen":-500,"order_no":"` + o.No + `"}`
	whole := `{` + head + `,"from":"2026-01-01","to":"2026-03-15","opening_fen":0,"lines":[` + bill + `,` + late + `,` + paid + `],
		"charge_fen":12949,"paid_fen":13449,"booked_fen":-500,"late_fee_fen":0,"closing_fen":-500,"prepaid_fen":500}`
	p.get(path+"year=2026").wants(t, whole)
	p.get(path+"from=2026-01-01&to=2026-03-15").wants(t, whole)
	p.get(path+"from=2026-01-01&to=2026-12-31").wants(t, whole) // today is the last day
	p.get(path+"from=2026-03-15&to=2026-03-15").wants(t, `{`+head+`,"from":"2026-03-15","to":"2026-03-15","opening_fen":11002,
		"lines":[`+late+`,`+paid+`],"charge_fen":1947,"paid_fen":13449,"booked_fen":-500,
		"late_fee_fen":0,"closing_fen":-500,"prepaid_fen":500}`)
	before := p.get(path + "from=2026-01-01&to=2026-03-14")
	if before.fen("booked_fen") != 11002 || before.fen("late_fee_fen") != 1914 || before.fen("closing_fen") != 12916 ||
		before.fen("prepaid_fen") != 0 {
		t.Errorf("the day before: %v", before)
	}
	for _, days := range []string{"", "from=2026-01-01", "to=2026-01-01", "from=2026-02-01&to=2026-01-01", "from=2026-03-16&to=2026-03-20",
		"year=2027", "from=2020-01-01&to=2026-03-15"} {
		for _, file := range []string{"statement?", "statement.pdf?"} {
			p.send("GET", "/rooms/"+h.Room.ID+"/"+file+days, nil).refused(400, "STATEMENT_SPAN")
		}
	}
	for _, both := range []string{"year=2026&from=2026-01-01&to=2026-03-15", "year=2026&from=2026-01-01", "year=2026&to=2026-03-15"} {
		for _, file := range []string{"statement?", "statement.pdf?"} {
			p.send("GET", "/rooms/"+h.Room.ID+"/"+file+both, nil).refused(400, "STATEMENT_YEAR_AND_DAYS")
		}
	}
}

// The document has the owner's name in full for the owner alone.
func TestStatementPDFIsFor(t *testing.T) {
	f := newFront(t)
	h := f.Home(1)
	for role, name := range map[string]string{estate.RoleOwner: "王小明", estate.RoleFamily: "王**", estate.RolePayer: "王**"} {
		f.run(role, func(t *testing.T) {
			p := f.bound(role, h.Room, role)
			view := f.Db.View(t.Context())
			var want bytes.Buffer
			room, err := estate.RoomByID(view, h.Room.ID)
			if err != nil {
				t.Fatal(err)
			}
			holder, err := statement.CurrentHolder(view, room.ID)
			if err != nil {
				t.Fatal(err)
			}
			s, err := statement.Of(view, room, holder.Visibility, models.MustDate("2026-01-01"), models.MustDate("2026-03-15"))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.WritePDF(&want, statement.Party{Community: "测试小区", Owner: name, MadeAt: f.Db.Now()}); err != nil {
				t.Fatal(err)
			}
			a := p.send("GET", "/rooms/"+h.Room.ID+"/statement.pdf?year=2026", nil)
			if a.Status != 200 || a.Body != want.String() {
				t.Errorf("status %d, %d bytes, and not the statement for %s of %d", a.Status, len(a.Body), name, want.Len())
			}
			file := `attachment; filename="statement.pdf"; filename*=UTF-8''` + url.PathEscape("对账单-2026-01-01-2026-03-15.pdf")
			if a.Header.Get("Content-Type") != "application/pdf" || a.Header.Get("Content-Disposition") != file {
				t.Errorf("headers %v", a.Header)
			}
		})
	}
}
