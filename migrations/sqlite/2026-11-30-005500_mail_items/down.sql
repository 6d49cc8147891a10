DROP TABLE mail_items;
