-- Nothing to take back: which quotes waited before is not kept, and a declined one reads the same in the version before.
SELECT 1;
