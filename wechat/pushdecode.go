package wechat

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

// eventKinds maps the events that concern subscriptions.
var eventKinds = map[string]string{
	"subscribe_msg_popup_event":  SubscribePopup,
	"subscribe_msg_change_event": SubscribeChange,
	"subscribe_msg_sent_event":   SubscribeSent,
}

// pushWire is a push in both its forms. WeChat writes numbers as strings and the
// reverse.
type pushWire struct {
	OpenID     string   `json:"FromUserName" xml:"FromUserName"`
	CreateTime flexible `json:"CreateTime" xml:"CreateTime"`
	MsgType    string   `json:"MsgType" xml:"MsgType"`
	Event      string   `json:"Event" xml:"Event"`
	MsgID      flexible `json:"MsgId" xml:"MsgId"`
	// JSON has the items at the top, XML under an element named after the event.
	List   pushItems  `json:"List" xml:"-"`
	Popup  []pushItem `json:"-" xml:"SubscribeMsgPopupEvent>List"`
	Change []pushItem `json:"-" xml:"SubscribeMsgChangeEvent>List"`
	Sent   []pushItem `json:"-" xml:"SubscribeMsgSentEvent>List"`
}

type pushItem struct {
	TemplateID  string   `json:"TemplateId" xml:"TemplateId"`
	Status      string   `json:"SubscribeStatusString" xml:"SubscribeStatusString"`
	MsgID       flexible `json:"MsgID" xml:"MsgID"`
	ErrorCode   flexible `json:"ErrorCode" xml:"ErrorCode"`
	ErrorStatus string   `json:"ErrorStatus" xml:"ErrorStatus"`
}

// pushItems is an object for one item and an array for several.
type pushItems []pushItem

// UnmarshalJSON accepts an object, an array or null.
func (p *pushItems) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		*p = make(pushItems, 1)
		return json.Unmarshal(data, &(*p)[0])
	}
	var several []pushItem
	if err := json.Unmarshal(data, &several); err != nil {
		return err
	}
	*p = several
	return nil
}

// decodeBody reads XML or JSON into v. The first character takes precedence over the
// header.
func decodeBody(contentType string, body []byte, v any) error {
	body = bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf"))
	isXML := strings.Contains(strings.ToLower(contentType), "xml")
	if len(body) > 0 {
		isXML = body[0] == '<'
	}
	var err error
	if isXML {
		err = xml.Unmarshal(body, v)
	} else {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		return &Error{Op: "push", Kind: ErrPushMalformed, Reason: "neither JSON nor XML of a push"}
	}
	return nil
}

// decodeSealed reads the ciphertext of an encrypted push.
func decodeSealed(contentType string, body []byte) (string, error) {
	var w struct {
		Encrypt string `json:"Encrypt" xml:"Encrypt"`
	}
	err := decodeBody(contentType, body, &w)
	return w.Encrypt, err
}

// decodePush reads the plain message.
func decodePush(contentType string, body []byte) (Push, error) {
	var w pushWire
	if err := decodeBody(contentType, body, &w); err != nil {
		return Push{}, err
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(w.CreateTime)), 10, 64)
	if err != nil || w.MsgType == "" || seconds < 0 || seconds > 1<<40 {
		return Push{}, &Error{Op: "push", Kind: ErrPushMalformed, Reason: "CreateTime or MsgType"}
	}
	p := Push{OpenID: w.OpenID, CreatedAt: time.Unix(seconds, 0).UTC(), MsgType: w.MsgType, Event: w.Event}
	// A repeated message has the same MsgId, a repeated event the same sender, time and name.
	p.Key = string(w.MsgID)
	if p.Key == "" {
		p.Key = w.OpenID + "/" + string(w.CreateTime) + "/" + w.Event
	}
	kind, known := eventKinds[w.Event]
	if !known || w.MsgType != "event" {
		return p, nil
	}
	items := []pushItem(w.List)
	switch kind {
	case SubscribePopup:
		items = append(items, w.Popup...)
	case SubscribeChange:
		items = append(items, w.Change...)
	case SubscribeSent:
		items = append(items, w.Sent...)
	}
	for _, i := range items {
		p.Subscriptions = append(p.Subscriptions, SubscribeEvent{
			Kind: kind, OpenID: w.OpenID, TemplateID: i.TemplateID, Status: i.Status,
			MsgID: string(i.MsgID), ErrorCode: string(i.ErrorCode), ErrorStatus: i.ErrorStatus,
		})
	}
	return p, nil
}
