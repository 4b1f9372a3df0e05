using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace LPZero.Seed.Wire;

/// <summary>
/// Writes and reads everything that crosses a process or rests in the journal. It is bound to every type that no part of
/// Akka.NET has a serializer of its own for, so that a message which is not in the catalog is refused and never guessed.
/// </summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Names the serializer in the configuration.</summary>
    public const string Name = "lpzero";

    /// <summary>Its number on the wire and in the journal, for ever.</summary>
    public const int Number = 4108;

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <inheritdoc/>
    public override string Manifest(object o) => WireCatalog.Of(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => WireCatalog.Of(obj).Write(obj);

    /// <inheritdoc/>
    /// <exception cref="SerializationException">The manifest is unknown, or the bytes are not what it promises.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest);

    /// <summary>What bytes with a manifest mean; they need no actor system.</summary>
    /// <exception cref="SerializationException">The manifest is unknown, or the bytes are not what it promises.</exception>
    public static object Read(byte[] bytes, string manifest)
    {
        var entry = WireCatalog.Of(manifest);
        try
        {
            return entry.Read(bytes);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            throw new SerializationException($"a message with manifest '{manifest}' cannot be read: {problem.Message}", problem);
        }
    }
}
