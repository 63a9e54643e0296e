desk-sending-erratum-subject = Исправление: { $subject }
