package staff

import (
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// staffList is the page 员工.
type staffList struct {
	Rows   []office.Staff
	Self   string
	Export string
}

// List shows 员工.
func List(c *ui.Call) error {
	list, err := office.StaffList(c.View)
	if err != nil {
		return err
	}
	return c.Render("staff/staff_list", "员工", staffList{Rows: list, Self: c.Staff.ID, Export: "/staff/people/export"})
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	return c.Export("员工", "", []string{"用户名", "姓名", "角色", "状态", "添加时间"}, func(b *ui.Workbook) error {
		list, err := office.StaffList(c.View)
		if err != nil {
			return err
		}
		for _, s := range list {
			state := "正常"
			if s.Disabled {
				state = "已停用"
			}
			if err := b.Row(s.Username, s.Name, words.Of(words.Roles, s.Role), state, words.At(s.CreatedAt)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Disable disables a member of staff and ends their sessions.
func Disable(c *ui.Call) error {
	return change(c, office.DisableStaff, "staff_disabled")
}

// Enable enables a member of staff again.
func Enable(c *ui.Call) error { return change(c, office.EnableStaff, "staff_enabled") }

// change does something to a member of staff. The list shows what came of it.
func change(c *ui.Call, change func(tx *store.Tx, by models.Actor, id string) error, done string) error {
	err := c.DB.Write(c.R.Context(), func(tx *store.Tx) error { return change(tx, c.Staff.Actor(), c.R.PathValue("id")) })
	if e, ok := models.AsError(err); ok {
		if ui.HasFlash(e.Code) {
			c.Say(e.Code)
			return c.Redirect("/staff/people")
		}
	}
	if err != nil {
		return err
	}
	c.Say(done)
	return c.Redirect("/staff/people")
}
