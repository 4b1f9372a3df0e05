namespace LPZero.Seed.Integrity;

/// <summary>A row of the journal or of the snapshots.</summary>
internal sealed class StoredMessage
{
    /// <summary>The sequence number; of a snapshot that of the last event before it.</summary>
    public long Number { get; init; }

    /// <summary>What wrote it.</summary>
    public int Serializer { get; init; }

    /// <summary>What it is.</summary>
    public string Manifest { get; init; } = "";

    /// <summary>Its bytes.</summary>
    public byte[] Message { get; init; } = [];
}
