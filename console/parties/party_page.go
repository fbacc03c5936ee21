package parties

import (
	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/estate"
)

// partyPage is the account of a developer over all its rooms.
type partyPage struct {
	billing.Party
	Developer estate.Developer
	Community string
	Phone     string // masked
	Unowned   int    // unsold rooms that nobody owns
	Groups    []desk.DeskGroup
	Year      int
	Error     string
}

// Page shows the account of a developer.
func Page(c *ui.Call) error { return showParty(c, 200, "") }

// load reads the account of the developer of the address.
func load(c *ui.Call) (p partyPage, err error) {
	if p.Developer, err = estate.DeveloperByOwner(c.View, c.R.PathValue("id")); err != nil {
		return p, err
	}
	m, err := estate.CommunityByID(c.View, p.Developer.CommunityID)
	if err != nil {
		return p, err
	}
	p.Community, p.Year = m.Name, c.View.Today().Year()
	p.Party, err = billing.PartyArrears(c.View, p.Developer.OwnerID)
	return p, err
}

func showParty(c *ui.Call, status int, refusal string) error {
	p, err := load(c)
	if err != nil {
		return err
	}
	p.Error = refusal
	phone, err := estate.OwnerPhone(c.View, p.Owner)
	if err != nil {
		return err
	}
	p.Phone = models.MaskPhone(phone)
	counts, err := estate.UnsoldCounts(c.View)
	if err != nil {
		return err
	}
	p.Unowned = counts[p.Developer.CommunityID].Unowned
	if p.Groups, err = desk.DeskGroups(c.View, p.Owner.ID, 20); err != nil {
		return err
	}
	return c.RenderAs(status, "parties/party_page", p.Owner.Name, p)
}

// Export sends all open bills over the rooms of a developer as a workbook.
func Export(c *ui.Call) error {
	p, err := load(c)
	if err != nil {
		return err
	}
	header := []string{"房号", "收费项目", "账期起", "账期止", "应缴日", "逾期天数", "尚欠本金", "违约金", "应缴", "状态"}
	return c.Export("建设单位欠费-"+p.Owner.Name, p.Owner.ID, header, func(b *ui.Workbook) error {
		for _, r := range p.Rooms {
			for i := range r.Bills {
				s := &r.Bills[i]
				err := b.Row(r.Room.Code, s.Item, s.PeriodStart.String(), s.PeriodEnd.String(), s.DueOn.String(), s.OverdueDays,
					sheet.Yuan(s.OutstandingFen()), sheet.Yuan(s.LateDueFen), sheet.Yuan(s.DueFen), words.Of(words.Bills, s.Status))
				if err != nil {
					return err
				}
			}
		}
		return b.Row("合计", "", "", "", "", "", sheet.Yuan(p.PrincipalFen), sheet.Yuan(p.LateFeeFen), sheet.Yuan(p.TotalFen), "")
	})
}
