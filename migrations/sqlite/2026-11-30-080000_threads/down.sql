DROP TABLE company_blocks;
DROP TABLE thread_marks;
DROP TABLE thread_messages;
DROP TABLE thread_sides;
DROP TABLE threads;
