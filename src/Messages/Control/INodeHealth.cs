namespace LPZero.Messages.Control;

/// <summary>What a failure says of the storage.</summary>
public enum StorageFault
{
    /// <summary>Nothing: it is not the storage that failed.</summary>
    None,

    /// <summary>It is away, full or busy: waiting helps.</summary>
    Passing,

    /// <summary>It can never work for this process.</summary>
    Hopeless,
}

/// <summary>
/// Whether the node can do its work at all: whoever meets a failure says so here, and the node ends where it is for good.
/// </summary>
public interface INodeHealth
{
    /// <summary>Gives the node up where the failure says that its storage can never work, and returns what it says.</summary>
    /// <param name="what">What was not possible.</param>
    /// <param name="failure">Why.</param>
    StorageFault Note(string what, Exception failure);
}
