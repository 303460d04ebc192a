package inboxhealth

import (
	"context"
	"time"

	"frontdesk/clients/safe"
)

var (
	opPatientNotifications = reading("list notifications of patient", "/patients/{id}/notifications")
	opInvoiceNotifications = reading("list notifications of invoice", "/invoices/{id}/notifications")
	opAttachments          = reading("list attachments", "/attachments")
)

// Notification is something that was sent to a patient. Its fields are not
// documented: those with usual names are read, and what is missing is empty.
type Notification struct {
	ID                    ID
	Type, Channel, Status safe.Text
	Recipient, Subject    safe.Text
	Body                  safe.Long
	CreatedAt, SentAt     time.Time // zero when not stated
}

// Attachment is a file of an enterprise, without its content.
type Attachment struct {
	ID, EnterpriseID      ID
	DisplayName, Category safe.Text
	MimeType, Version     safe.Text
	Size                  int // bytes; 0 when not stated
	CreatedAt             time.Time
}

var (
	notifications = kind[Notification]{"notification", "notifications", decodeNotification, func(n Notification) ID { return n.ID }}
	attachments   = kind[Attachment]{"attachment", "attachments", decodeAttachment, func(a Attachment) ID { return a.ID }}
)

func decodeNotification(r *reader) Notification {
	return Notification{
		ID: r.id("id"), Type: r.text("notification_type", "type", "kind"),
		Channel: r.text("channel", "delivery_method", "medium"), Status: r.text("status", "state"),
		Recipient: r.text("recipient", "to"), Subject: r.text("subject", "title"),
		Body:      r.long("body", "message", "content", "text"),
		CreatedAt: r.stamp("created_at"), SentAt: r.stamp("sent_at"),
	}
}

func decodeAttachment(r *reader) Attachment {
	return Attachment{
		ID: r.id("id"), EnterpriseID: r.id("enterprise_id"), DisplayName: r.text("display_name"),
		Category: r.text("category"), MimeType: r.text("mime_type"), Version: r.text("version"),
		Size: r.count("size"), CreatedAt: r.stamp("created_at"),
	}
}

// PatientNotifications lists what was sent to a patient.
// GET /patients/{id}/notifications.
func (c *Client) PatientNotifications(ctx context.Context, patient ID, q Query) (Page[Notification], error) {
	return notifications.nested(ctx, c, opPatientNotifications, "patient", patient, q)
}

// InvoiceNotifications lists what was sent about an invoice.
// GET /invoices/{id}/notifications.
func (c *Client) InvoiceNotifications(ctx context.Context, invoice ID, q Query) (Page[Notification], error) {
	return notifications.nested(ctx, c, opInvoiceNotifications, "invoice", invoice, q)
}

// Attachments lists the files of the partner's enterprises. GET /attachments.
func (c *Client) Attachments(ctx context.Context, q Query) (Page[Attachment], error) {
	return attachments.page(ctx, c, opAttachments, "", q)
}
