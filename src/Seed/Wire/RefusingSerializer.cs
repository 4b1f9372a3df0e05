using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace LPZero.Seed.Wire;

/// <summary>
/// Stands where Akka.NET puts its JSON serializer, which creates whatever type a message names: the number of a serializer is
/// the sender's choice, so that having bound no message to it protects nobody.
/// </summary>
/// <param name="system">The actor system.</param>
/// <param name="settings">Those of the serializer in whose stead this one is; it needs none.</param>
#pragma warning disable CS9113 // Akka.NET wants this constructor where the configuration has settings for the serializer.
public sealed class RefusingSerializer(ExtendedActorSystem system, Config settings) : SerializerWithStringManifest(system)
#pragma warning restore CS9113
{
    /// <summary>Akka.NET's name for the serializer in whose stead this one is.</summary>
    public const string Name = "json";

    /// <summary>Its number.</summary>
    public const int Number = 1;

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <inheritdoc/>
    public override string Manifest(object o) => "";

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} has no wire format");

    /// <inheritdoc/>
    /// <exception cref="SerializationException">Always.</exception>
    public override object FromBinary(byte[] bytes, string manifest) =>
        throw new SerializationException("a message in a form that names types is refused: it comes from no node of this program");
}
