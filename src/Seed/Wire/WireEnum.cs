using System.Runtime.CompilerServices;

namespace LPZero.Seed.Wire;

/// <summary>Numbers on the wire that stand for members of an enumeration.</summary>
internal static class WireEnum
{
    /// <summary>The member; a number that has none comes from a newer program and is refused.</summary>
    public static T Read<T>(int number)
        where T : struct, Enum
    {
        var member = Unsafe.BitCast<int, T>(number);
        return Enum.IsDefined(member) ? member : throw new FormatException($"{number} is no {typeof(T).Name}");
    }
}
