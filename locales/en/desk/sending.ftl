desk-sending-erratum-subject = Correction: { $subject }
