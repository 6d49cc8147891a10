### Texts of reference.

## Incoterms 2020
incoterm-EXW = Ex works
incoterm-FCA = Free carrier
incoterm-CPT = Carriage paid to
incoterm-CIP = Carriage and insurance paid to
incoterm-DAP = Delivered at place
incoterm-DPU = Delivered at place unloaded
incoterm-DDP = Delivered duty paid
incoterm-FAS = Free alongside ship
incoterm-FOB = Free on board
incoterm-CFR = Cost and freight
incoterm-CIF = Cost, insurance and freight

## Payment terms
payment-term-TT_ADVANCE = T/T in advance
payment-term-TT_DEPOSIT = T/T deposit, balance against documents
payment-term-LC_SIGHT = L/C at sight
payment-term-LC_USANCE = L/C usance
payment-term-DP = D/P, documents against payment
payment-term-DA = D/A, documents against acceptance
payment-term-OA = Open account
payment-term-CAD = Cash against documents
payment-term-CONSIGNMENT = Consignment
payment-term-OTHER = Other, in words
